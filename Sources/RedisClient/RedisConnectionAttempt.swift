import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// One attempt to connect to one address, TCP and TLS; it lives on its event loop.
///
/// It ends once, by whatever comes first: ready, an error, the deadline, the cancellation of the caller.
final class RedisConnectionAttempt {
    /// What an attempt needs to know.
    struct Plan: Sendable {
        /// The host and the port, for errors.
        var endpoint: String
        var socketAddress: SocketAddress
        var tls: RedisTLSClient?
        var limits: RedisReplyLimits
        var deadline: NIODeadline
        var nameResolution: Duration?
    }

    private let plan: Plan
    private let promise: EventLoopPromise<RedisConnection>
    private let startedAt = NIODeadline.now()
    private var isOver = false
    private var timer: Scheduled<Void>?
    private var channel: (any Channel)?
    private var connectedAt: NIODeadline?

    init(_ plan: Plan, promise: EventLoopPromise<RedisConnection>) {
        self.plan = plan
        self.promise = promise
    }

    func start(on eventLoop: any EventLoop) {
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: plan.deadline) {
            self.fail(.timeout, RedisError.timedOut(after: .now() - self.startedAt))
        }
        let attempt = NIOLoopBound(self, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .channelOption(.maxMessagesPerRead, value: 1)  // so that TLS has one instant of arrival to pass on
            .connectTimeout(.hours(24))  // the timer is earlier
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try attempt.value.prepare(channel) }
            }
            .connect(to: plan.socketAddress)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success: self.connected()
                case .failure(let error): self.fail(.connect, RedisError.connectDetail(error), error)
                }
            }
    }

    func cancel() {
        fail(.cancelled, RedisError.wasCancelled)
    }

    private func prepare(_ channel: any Channel) throws {
        guard !isOver else { throw ChannelError.ioOnClosedChannel }
        self.channel = channel
        let arrival = RedisArrivalHandler()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(arrival)
        if let tls = plan.tls {
            do {
                try pipeline.addHandlers(tls.makeHandler(), HandshakeHandler(attempt: self))
            } catch {
                handshakeFailed(error)
                throw error
            }
        }
        try pipeline.addHandler(
            RedisChannelHandler(address: plan.endpoint, arrival: arrival, limits: plan.limits)
        )
    }

    private func connected() {
        connectedAt = .now()
        if plan.tls == nil { ready(tls: nil) }
    }

    fileprivate func handshakeCompleted() {
        ready(tls: Duration(.now() - (connectedAt ?? startedAt)))
    }

    fileprivate func handshakeFailed(_ error: any Error) {
        fail(.tls, "the TLS handshake failed: \(error)", error)
    }

    private func ready(tls: Duration?) {
        guard !isOver, let channel, let connectedAt else { return }
        do {
            let handler = try channel.pipeline.syncOperations.handler(type: RedisChannelHandler.self)
            let times = RedisConnectTimes(
                nameResolution: plan.nameResolution,
                connect: Duration(connectedAt - startedAt),
                tls: tls
            )
            finish()
            promise.succeed(
                RedisConnection(
                    address: plan.endpoint,
                    channel: channel,
                    handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
                    connectTimes: times
                )
            )
        } catch {
            fail(.connect, RedisError.connectionClosed, error)
        }
    }

    private func fail(_ code: RedisError.Code, _ detail: String, _ underlyingError: (any Error)? = nil) {
        guard !isOver else { return }
        let channel = channel
        finish()
        channel?.close(promise: nil)
        promise.fail(RedisError(code, address: plan.endpoint, detail: detail, underlyingError: underlyingError))
    }

    private func finish() {
        isOver = true
        timer?.cancel()
        timer = nil
        channel = nil
    }
}

/// Tells an attempt how its TLS handshake ended.
private final class HandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var attempt: RedisConnectionAttempt?

    init(attempt: RedisConnectionAttempt) {
        self.attempt = attempt
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        attempt = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            attempt?.handshakeCompleted()
            attempt = nil
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        attempt?.handshakeFailed(error)
        context.fireErrorCaught(error)
    }
}
