import NIOCore
import NIOSSL

/// The commands in flight on one connection, in the order in which they were written, which is the order of the
/// replies.
///
/// Whatever breaks that order ends the connection: a command that timed out or was cancelled, a reply that cannot be
/// read or that nobody asked for. The command concerned is told why, all others that the connection was closed.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A command on its way from the caller to the connection.
    struct Request: Sendable {
        var name: String
        var bytes: ByteBuffer
        var calledAt: NIODeadline
        var deadline: NIODeadline
        var promise: EventLoopPromise<RedisExchange>
    }

    private struct CommandInFlight {
        var request: Request
        var writtenAt: NIODeadline
        var flushedAt: NIODeadline?
        var timer: Scheduled<Void>
    }

    private let address: String
    private let arrival: RedisArrivalHandler
    private var decoder: RedisReplyDecoder
    private var context: ChannelHandlerContext?
    private var inFlight: CircularBuffer<CommandInFlight> = []
    /// What ended the connection within TLS, for a command that comes too late: with TLS 1.3 a server refuses the
    /// certificate of a client only when the handshake is over for the client.
    private var tlsFailure: (any Error)?
    /// The arrival of the first byte of the reply that is not complete yet.
    private var firstByteAt: NIODeadline?

    init(address: String, arrival: RedisArrivalHandler, limits: RedisReplyLimits) {
        self.address = address
        self.arrival = arrival
        decoder = RedisReplyDecoder(limits: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: From the caller

    func send(_ request: Request) {
        guard let context, context.channel.isActive else {
            guard let tlsFailure else { return fail(request, .closed, RedisError.connectionClosed) }
            return fail(request, .tls, Self.connectionFailed(tlsFailure), underlyingError: tlsFailure)
        }
        guard NIODeadline.now() < request.deadline else { return fail(request, .timeout, Self.timedOut(request)) }
        let reply = request.promise.futureResult
        let timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: request.deadline) {
            self.end(reply, .timeout, Self.timedOut(request))
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.flushed(reply) }
        inFlight.append(CommandInFlight(request: request, writtenAt: .now(), timer: timer))
        context.writeAndFlush(wrapOutboundOut(request.bytes), promise: written)
    }

    /// Ends the wait of a cancelled caller; does nothing when the reply is there.
    func cancel(_ reply: EventLoopFuture<RedisExchange>) {
        end(reply, .cancelled, RedisError.wasCancelled)
    }

    func close() {
        arrival.close()
    }

    // MARK: From the server

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let arrivedAt = arrival.lastArrival
        var replies: [RedisValue] = []
        var fault: RedisReplyFault?
        do throws(RedisReplyFault) {
            try decoder.decode(unwrapInboundIn(data), into: &replies)
        } catch {
            fault = error
        }
        for reply in replies {
            guard let command = inFlight.popFirst() else { return close() }
            complete(command, with: reply, firstByteAt: firstByteAt ?? arrivedAt, receivedAt: arrivedAt)
            firstByteAt = nil
        }
        if decoder.isInMidReply { firstByteAt = firstByteAt ?? arrivedAt }
        if let fault { end(inFlight.first?.request.promise.futureResult, fault.code, fault.detail) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(nil, .closed, RedisError.connectionClosed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let code: RedisError.Code = error is BoringSSLError ? .tls : .closed
        if code == .tls { tlsFailure = error }
        end(inFlight.first?.request.promise.futureResult, code, Self.connectionFailed(error), error)
    }

    // MARK: The end of a command

    private static func connectionFailed(_ error: any Error) -> String {
        "the connection failed: \(error)"
    }

    private static func timedOut(_ request: Request) -> String {
        RedisError.timedOut(after: .now() - request.calledAt)
    }

    private func flushed(_ reply: EventLoopFuture<RedisExchange>) {
        guard let index = inFlight.firstIndex(where: { $0.request.promise.futureResult == reply }) else { return }
        inFlight[index].flushedAt = .now()
    }

    private func complete(
        _ command: CommandInFlight,
        with reply: RedisValue,
        firstByteAt: NIODeadline,
        receivedAt: NIODeadline
    ) {
        command.timer.cancel()
        command.request.promise.succeed(
            RedisExchange(
                reply: reply,
                writtenAt: command.writtenAt,
                flushedAt: min(command.flushedAt ?? firstByteAt, firstByteAt),
                firstByteAt: firstByteAt,
                receivedAt: receivedAt
            )
        )
    }

    /// Closes the connection and fails every command in flight: the one that waits for `reply` with `code`, the others
    /// with `closed`; does nothing when `reply` is there already.
    private func end(
        _ reply: EventLoopFuture<RedisExchange>?,
        _ code: RedisError.Code,
        _ detail: String,
        _ underlyingError: (any Error)? = nil
    ) {
        if let reply, !inFlight.contains(where: { $0.request.promise.futureResult == reply }) { return }
        let commands = inFlight
        inFlight.removeAll()
        close()  // before anyone is told, so that no one finds it open
        for command in commands {
            command.timer.cancel()
            let isTheOne = command.request.promise.futureResult == reply
            fail(
                command.request,
                isTheOne ? code : .closed,
                isTheOne ? detail : RedisError.connectionClosed,
                underlyingError: isTheOne ? underlyingError : nil,
                writtenAt: command.writtenAt
            )
        }
    }

    private func fail(
        _ request: Request,
        _ code: RedisError.Code,
        _ detail: String,
        underlyingError: (any Error)? = nil,
        writtenAt: NIODeadline? = nil
    ) {
        request.promise.fail(
            RedisError(
                code,
                command: request.name,
                address: address,
                detail: detail,
                underlyingError: underlyingError,
                writtenAt: writtenAt
            )
        )
    }
}
