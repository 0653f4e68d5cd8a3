import NIOCore
import Synchronization

/// The connections of a server, over all of its event loops.
final class ConnectionRegistry: Sendable {
    typealias ID = ConnectionTable<any Channel>.ID

    private struct State {
        var table: ConnectionTable<any Channel>
        var isDraining = false
    }

    private let state: Mutex<State>
    private let onDrained: @Sendable () -> Void

    /// `onDrained` is called when the last connection is gone, once `drain` has been.
    init(limits: ServerLimits, onDrained: @escaping @Sendable () -> Void) {
        let table = ConnectionTable<any Channel>(
            capacity: limits.maximumConnections,
            maximumHeldBytes: limits.maximumHeldBytes
        )
        state = Mutex(State(table: table))
        self.onDrained = onDrained
    }

    var isDraining: Bool { state.withLock(\.isDraining) }

    enum Admission {
        case admitted(ID)
        /// Nobody waits who could make room.
        case full
        /// The server is about to end.
        case draining
    }

    /// Enters a new connection, and closes the one that loses its place to it.
    func admit(_ channel: any Channel) -> Admission {
        let admission = state.withLock { $0.isDraining ? nil : $0.table.admit(channel) }
        switch admission {
        case nil: return .draining
        case .refused: return .full
        case .admitted(let id):
            channel.closeFuture.whenComplete { _ in self.remove(id) }
            return .admitted(id)
        case .admittedInsteadOf(let id, let loser):
            loser.close(promise: nil)
            channel.closeFuture.whenComplete { _ in self.remove(id) }
            return .admitted(id)
        }
    }

    func waits(_ id: ID) {
        state.withLock { $0.table.waits(id) }
    }

    func works(_ id: ID) {
        state.withLock { $0.table.works(id) }
    }

    /// Takes note of what a connection makes the server hold, and closes those that lose their places to it.
    func holds(_ bytes: Int, _ id: ID) {
        let losers = state.withLock { $0.table.holds(bytes, id) }
        for loser in losers { loser.close(promise: nil) }
    }

    /// Tells every connection to end after what it is doing, and admits none any more.
    func drain() {
        let (channels, isEmpty) = state.withLock { state in
            state.isDraining = true
            return (state.table.connections, state.table.isEmpty)
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        if isEmpty { onDrained() }
    }

    /// Closes every connection, whatever it is doing.
    func closeAll() {
        let channels = state.withLock { state in
            state.isDraining = true
            return state.table.connections
        }
        for channel in channels { channel.close(promise: nil) }
    }

    private func remove(_ id: ID) {
        let isDrained = state.withLock { state in
            state.table.remove(id)
            return state.isDraining && state.table.isEmpty
        }
        if isDrained { onDrained() }
    }
}
