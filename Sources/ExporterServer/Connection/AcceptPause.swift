import NIOCore

/// Pauses a listening socket for a second when the system refuses a connection, as it does without descriptors left.
///
/// Peers wait in the queue of the system meanwhile. NIO's `AcceptBackoffHandler` does not do: it holds back the next
/// read, but the socket stays registered for the one that failed, and the event loop spins.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let onError: (IOError) -> Void
    private var isRefused = false

    /// `onError` is told the first of the errors between two connections.
    init(onError: @escaping (IOError) -> Void) {
        self.onError = onError
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isRefused = false
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        if !isRefused { onError(error) }
        isRefused = true
        let channel = context.channel
        // Options of a channel that is closed cannot be set, and need not be.
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}
