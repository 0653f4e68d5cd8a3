import ExporterConfiguration
import NIOCore
import NIOPosix
import NIOTLS
import Synchronization

/// The last handler of a pipeline: it turns what happens on the event loop into events with their instants.
///
/// It says what is to be said as soon as the connection is ready, and passes on no more than an exchange reads: whoever
/// takes the events may be slow, and what waits for it has a bound.
final class TCPConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let message: String?
    private let isSecure: Bool
    private let clock: ArrivalClock
    private let events: AsyncStream<TCPExchange.Event>.Continuation
    private var room = TCPExchange.maximumBytes

    init(
        message: String?,
        isSecure: Bool,
        clock: ArrivalClock,
        events: AsyncStream<TCPExchange.Event>.Continuation
    ) {
        self.message = message
        self.isSecure = isSecure
        self.clock = clock
        self.events = events
    }

    func channelActive(context: ChannelHandlerContext) {
        events.yield(.connected(.now()))
        if !isSecure { send(context: context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            events.yield(.secured(.now()))
            send(context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard room > 0 else { return }
        let bytes = unwrapInboundIn(data).readableBytesView.prefix(room)
        room -= bytes.count
        events.yield(.received(Array(bytes), clock.latest))
        if room == 0 { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        events.yield(.failed(HTTPConnectionFault(error), .now()))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        events.yield(.failed(.ended(nil), clock.latest))
        context.fireChannelInactive()
    }

    private func send(context: ChannelHandlerContext) {
        guard let message else { return }
        let begunAt = NIODeadline.now()
        let written = context.eventLoop.makePromise(of: Void.self)
        let events = events
        // A write that fails is followed by the end of the channel.
        written.futureResult.whenSuccess { events.yield(.sent(begunAt: begunAt, .now())) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: message)), promise: written)
    }
}

/// A connection in the making or made, closed at the end by whoever waits for its events.
final class TCPConnection: Sendable {
    private struct State {
        var channel: (any Channel)?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Connects to `address`; all that happens from then on is in `events`.
    func connect(
        to address: SocketAddress,
        within time: TimeAmount,
        on eventLoop: any EventLoop,
        message: String?,
        tls: HTTPTransportSecurity?,
        events: AsyncStream<TCPExchange.Event>.Continuation
    ) {
        do throws(DescriptorReserve.Shortage) {
            try DescriptorReserve.claim(1)
        } catch {
            events.yield(.failed(.other("\(error)"), .now()))
            return
        }
        ClientBootstrap(group: eventLoop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .connectTimeout(time)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    self.adopt(channel)
                    let clock = ArrivalClock()
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(clock)
                    if let tls { try pipeline.addHandler(tls.makeHandler()) }
                    try pipeline.addHandler(
                        TCPConnectionHandler(message: message, isSecure: tls != nil, clock: clock, events: events)
                    )
                }
            }
            .connect(to: address)
            .whenFailure { events.yield(.failed(HTTPConnectionFault($0), .now())) }
    }

    /// Closes the connection, now or as soon as there is one.
    func close() {
        let channel = state.withLock { state in
            state.isClosed = true
            return state.channel
        }
        channel?.close(promise: nil)
    }

    private func adopt(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            state.channel = channel
            return state.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }
}
