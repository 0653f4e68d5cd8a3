import NIOCore

/// Pauses a listening socket while as many connections are open as may be, and for a second when the system refuses one, as
/// it does without descriptors left.
///
/// A connection that has lost its place keeps its descriptor until its event loop gets round to closing it.
/// Peers wait in the queue of the system meanwhile. NIO's `AcceptBackoffHandler` does not do: it holds back the next
/// read, but the socket stays registered for the one that failed, and the event loop spins.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let onError: (IOError) -> Void
    private let maximumOpen: Int
    private var open = 0
    private var isRefused = false

    /// `onError` is told the first of the errors between two connections.
    init(maximumOpen: Int, onError: @escaping (IOError) -> Void) {
        self.maximumOpen = maximumOpen
        self.onError = onError
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isRefused = false
        open += 1
        let channel = context.channel
        if open == maximumOpen { setAccepting(false, channel) }
        Self.unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
            self.open -= 1
            if self.open == self.maximumOpen - 1 { self.setAccepting(true, channel) }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError else { return context.fireErrorCaught(error) }
        if !isRefused { onError(error) }
        isRefused = true
        let channel = context.channel
        setAccepting(false, channel)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) {
            if self.open < self.maximumOpen { self.setAccepting(true, channel) }
        }
    }

    /// Options of a channel that is closed cannot be set, and need not be.
    private func setAccepting(_ isAccepting: Bool, _ channel: any Channel) {
        try? channel.syncOptions?.setOption(.autoRead, value: isAccepting)
    }
}
