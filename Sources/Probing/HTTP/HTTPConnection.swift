import BenchmarkModel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A connection that any thread may hold; what it is told happens on its event loop.
struct HTTPConnection: Sendable {
    let channel: any Channel
    private let handler: NIOLoopBound<HTTPConnectionHandler>

    /// Called on the event loop of `channel`.
    init(channel: any Channel, handler: HTTPConnectionHandler) {
        self.channel = channel
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    func begin(_ exchange: HTTPExchange) {
        channel.eventLoop.execute { handler.value.begin(exchange) }
    }

    func cancel() {
        channel.eventLoop.execute { handler.value.cancel() }
    }

    /// Connects to `address` on the event loop of the exchange's promise, and begins the exchange there.
    static func connect(
        to address: SocketAddress,
        within time: TimeAmount,
        tls: HTTPTransportSecurity?,
        pool: HTTPConnectionPool,
        exchange: HTTPExchange,
        cancellation: HTTPExchangeCancellation
    ) {
        let eventLoop = exchange.promise.futureResult.eventLoop
        do throws(DescriptorReserve.Shortage) {
            try DescriptorReserve.claim(1)
        } catch {
            let failure = HTTPExchangeFailure(reason: .other, description: "\(error)", duration: .zero)
            return exchange.promise.fail(failure)
        }
        ClientBootstrap(group: eventLoop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .connectTimeout(time)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let clock = ArrivalClock()
                    let handler = HTTPConnectionHandler(clock: clock, pool: pool, exchange: exchange)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(clock)
                    if let tls { try pipeline.addHandler(tls.makeHandler()) }
                    try pipeline.addHandlers([PlaintextObserver(handler)] + codec, position: .last)
                    try pipeline.addHandler(handler)
                    cancellation.adopt(HTTPConnection(channel: channel, handler: handler))
                }
            }
            .connect(to: address)
            .whenFailure { error in
                if let connection = cancellation.connection {
                    connection.handler.value.connectFailed(error)
                } else {
                    var machine = exchange.machine
                    let action = machine.failed(HTTPConnectionFault(error), at: .now())
                    if case .fail(let failure) = action { exchange.promise.fail(failure) }
                }
            }
    }

    /// Framing headers are the transport's own, so the encoder adds none.
    private static var codec: [any ChannelHandler] {
        var framing = HTTPRequestEncoder.Configuration()
        framing.automaticallySetFramingHeaders = false
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 64 * 1024
        limits.maxHeaderListSize = 64 * 1024
        let decoder = HTTPResponseDecoder(limitConfiguration: limits)
        return [HTTPRequestEncoder(configuration: framing), ByteToMessageHandler(decoder)]
    }
}
