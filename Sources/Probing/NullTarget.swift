package import BenchmarkModel
import ExporterConfiguration
package import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A target that answers at once, within this process: what a probe measures of it is what the exporter itself adds.
///
/// It is asked just as any HTTP target is, through the same transport, event loop, kernel and codec. It answers on that
/// loop too, so that nothing else is waited for; answering costs far less than asking, and its share counts as the
/// exporter's. At rest it is one listening socket.
package final class NullTarget: Probe {
    /// Only this process has a reason to connect, with one connection for each benchmark at most; more are closed.
    private static let connectionLimit = 256
    /// The probes close their connections after this, so that a run waits for its first one alone: accepting happens on
    /// the same loop, and would be part of the next exchange.
    private static let idleLimit = TimeAmount.seconds(60)
    /// Later than the probes do.
    private static let serverIdleLimit = TimeAmount.seconds(120)

    private let listener: any Channel
    private let probe: HTTPProbe

    private init(listener: any Channel, port: Int, eventLoop: any EventLoop, resolver: NameResolver) {
        self.listener = listener
        let base = HTTPBaseURL(isSecure: false, host: "127.0.0.1", port: port, pathPrefix: "")
        let target = HTTPTarget(baseURL: base)
        probe = HTTPProbe(
            HTTPProbeDefinition(method: "GET", path: "/"),
            target: target,
            transport: HTTPTransport(target: target, group: eventLoop, resolver: resolver, idleLimit: Self.idleLimit)
        )
    }

    deinit {
        listener.close(promise: nil)
    }

    /// Listens on a free loopback port, and asks and answers on `eventLoop`, the one of the probes.
    package static func bind(on eventLoop: any EventLoop, resolver: NameResolver) async throws -> NullTarget {
        let connections = ConnectionCount(limit: connectionLimit)
        let listener = try await ServerBootstrap(group: eventLoop)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard connections.admit(channel) else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(IdleStateHandler(readTimeout: serverIdleLimit))
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(NullAnswer())
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let port = listener.localAddress?.port ?? 0
        return NullTarget(listener: listener, port: port, eventLoop: eventLoop, resolver: resolver)
    }

    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        try await probe.execute(deadline: deadline)
    }
}

/// How many connections are open.
private final class ConnectionCount: Sendable {
    private let limit: Int
    private let count = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts a connection for as long as it is open, unless there are too many.
    func admit(_ channel: any Channel) -> Bool {
        let isAdmitted = count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        if isAdmitted {
            channel.closeFuture.whenComplete { [self] _ in count.withLock { $0 -= 1 } }
        }
        return isAdmitted
    }
}

/// Answers every request with two bytes.
private final class NullAnswer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "2"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "ok")))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
