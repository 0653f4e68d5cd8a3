import NIOCore

/// The first handler of the pipeline, nearest to the socket: it knows when bytes arrived, before TLS has looked at
/// them.
///
/// Every measure is computed from this instant. It also closes the connection from below TLS: replies delimit
/// themselves, so nothing is gained by a goodbye, for which a peer that stands still would make us wait.
final class RedisArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// When the last bytes arrived.
    private(set) var lastArrival = NIODeadline.now()
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastArrival = .now()
        context.fireChannelRead(data)
    }

    /// Closes the connection at once; the channel is not active any more when this returns.
    func close() {
        context?.close(promise: nil)
    }
}
