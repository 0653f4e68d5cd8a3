import Synchronization

/// The connection of one exchange as it becomes known, for a task that is cancelled while it waits.
final class HTTPExchangeCancellation: Sendable {
    private struct State {
        var connection: HTTPConnection?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var connection: HTTPConnection? { state.withLock(\.connection) }

    /// Takes the connection, and cancels its exchange at once where that has been asked for before.
    func adopt(_ connection: HTTPConnection) {
        let isCancelled = state.withLock { state in
            state.connection = connection
            return state.isCancelled
        }
        if isCancelled { connection.cancel() }
    }

    /// Ends the exchange, now or when its connection is known.
    func cancel() {
        let connection = state.withLock { state in
            state.isCancelled = true
            return state.connection
        }
        connection?.cancel()
    }
}
