import NIOCore

/// The first handler of a pipeline: it notes when bytes, or the end of the stream, came from the socket.
///
/// The channel reads once a turn (`maxMessagesPerRead` is 1) and hands each read through TLS and the HTTP decoder before
/// the next, so whatever comes out behind them came in at `latest`. This is the one place to change when the kernel's
/// receive timestamps take over.
final class ArrivalClock: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var latest = NIODeadline.now()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        latest = .now()
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        latest = .now()
        context.fireChannelInactive()
    }
}

/// Stands between TLS and the HTTP decoder, where the first byte of an answer is first seen as such.
///
/// Before TLS it could not be told from what TLS says to itself, such as a session ticket; behind the decoder it has waited
/// for the whole head.
final class PlaintextObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: HTTPConnectionHandler

    init(_ connection: HTTPConnectionHandler) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.bytesArrived()
        context.fireChannelRead(data)
    }
}
