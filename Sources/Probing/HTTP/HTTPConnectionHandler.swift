import NIOCore
import NIOHTTP1
import NIOTLS

/// One exchange as a connection carries it out.
struct HTTPExchange: Sendable {
    var head: HTTPRequestHead
    var body: [UInt8]?
    var machine: HTTPExchangeStateMachine
    var deadline: NIODeadline
    /// Fails with an `HTTPExchangeFailure`, or with what kept the exchange from reaching the connection.
    var promise: EventLoopPromise<HTTPAnswer>
}

/// The last handler of a pipeline: it feeds the state machine of the exchange with events, and carries out its actions.
///
/// Between exchanges the connection lies in the pool. Anything that happens to it there ends it.
final class HTTPConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let clock: ArrivalClock
    private let pool: HTTPConnectionPool
    private var context: ChannelHandlerContext?
    private var exchange: HTTPExchange?
    /// Of the exchange, or of the time without one.
    private var timer: Scheduled<Void>?
    /// When the connection, which lies in the pool, is not to be used any more.
    private var idleDeadline = NIODeadline.distantFuture
    private var wasActive = false

    /// A handler that begins `exchange` as soon as its channel is ready.
    init(clock: ArrivalClock, pool: HTTPConnectionPool, exchange: HTTPExchange) {
        self.clock = clock
        self.pool = pool
        self.exchange = exchange
    }

    /// Begins an exchange over a connection from the pool, unless it is closed or has lain there for too long.
    func begin(_ exchange: HTTPExchange) {
        timer?.cancel()
        self.exchange = exchange
        guard let context, context.channel.isActive, context.eventLoop.now < idleDeadline else {
            perform { $0.failed(.ended(nil), at: .now()) }
            return
        }
        scheduleDeadline(of: exchange, in: context)
        perform { $0.begin(at: .now()) }
    }

    /// Ends the exchange in progress, if there is one, and the connection with it.
    func cancel() {
        perform { $0.cancelled(at: .now()) }
    }

    func connectFailed(_ error: any Error) {
        perform { $0.failed(HTTPConnectionFault(error), at: .now()) }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if let exchange { scheduleDeadline(of: exchange, in: context) }
    }

    /// A channel that was never active is taken apart before its connecting has failed, which then says why.
    func handlerRemoved(context: ChannelHandlerContext) {
        if wasActive { perform { $0.failed(.ended(nil), at: .now()) } }
        timer?.cancel()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        wasActive = true
        perform { $0.connected(at: .now()) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { perform { $0.secured(at: .now()) } }
        context.fireUserInboundEventTriggered(event)
    }

    /// The observer's word that bytes of an answer have arrived.
    func bytesArrived() {
        guard exchange != nil else { return discard() }
        exchange?.machine.bytesArrived(at: clock.latest)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let instant = clock.latest
        switch unwrapInboundIn(data) {
        case .head(let head): perform { $0.received(head, at: instant) }
        case .body(let piece): perform { $0.received(piece.readableBytesView, at: instant) }
        case .end: perform { $0.receivedEnd(at: instant) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard exchange != nil else { return discard() }
        perform { $0.failed(HTTPConnectionFault(error), at: .now()) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let instant = clock.latest
        perform { $0.failed(.ended(nil), at: instant) }
        pool.remove(context.channel)
        timer?.cancel()
        context.fireChannelInactive()
    }

    /// Tells the machine what happened and does what it asks for; nothing where no exchange is going.
    private func perform(_ event: (inout HTTPExchangeStateMachine) -> HTTPExchangeStateMachine.Action) {
        guard var exchange else { return }
        self.exchange = nil
        let action = event(&exchange.machine)
        switch action {
        case .none:
            self.exchange = exchange
        case .writeRequest:
            self.exchange = exchange
            if let context { write(exchange, context: context) }
        case .succeed(let answer, let keepsConnection):
            if keepsConnection { keep() } else { discard() }
            exchange.promise.succeed(answer)
        case .fail(let failure):
            discard()
            exchange.promise.fail(failure)
        }
    }

    private func write(_ exchange: HTTPExchange, context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body, !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        // A write that fails is followed by the end of the channel, after what the peer had still to say.
        written.futureResult.assumeIsolated().whenSuccess { self.exchange?.machine.requestWritten(at: .now()) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func scheduleDeadline(of exchange: HTTPExchange, in context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: exchange.deadline) {
            self.perform { $0.deadlinePassed(at: .now()) }
        }
    }

    private func keep() {
        timer?.cancel()
        guard let context, context.channel.isActive else { return discard() }
        idleDeadline = context.eventLoop.now + pool.idleLimit
        guard pool.put(HTTPConnection(channel: context.channel, handler: self)) else { return discard() }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: idleDeadline) { self.discard() }
    }

    private func discard() {
        timer?.cancel()
        guard let context else { return }
        pool.remove(context.channel)
        context.close(promise: nil)
    }
}
