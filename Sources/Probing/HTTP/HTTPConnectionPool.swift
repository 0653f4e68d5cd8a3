import NIOCore
import Synchronization

/// The idle connections to one target; the one used last is taken first.
final class HTTPConnectionPool: Sendable {
    private struct State {
        var idle: [HTTPConnection] = []
        var isClosed = false
    }

    /// More are not kept.
    private static let capacity = 64

    /// After this long without an exchange a connection is closed.
    let idleLimit: TimeAmount
    private let state = Mutex(State())

    init(idleLimit: TimeAmount) {
        self.idleLimit = idleLimit
    }

    func take() -> HTTPConnection? {
        state.withLock { $0.idle.popLast() }
    }

    /// Whether the connection is kept; one that is not is the caller's to close.
    func put(_ connection: HTTPConnection) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.idle.count < Self.capacity else { return false }
            state.idle.append(connection)
            return true
        }
    }

    /// Forgets a connection that is of no more use, if it is here.
    func remove(_ channel: any Channel) {
        state.withLock { $0.idle.removeAll { $0.channel === channel } }
    }

    /// Closes all idle connections; the pool stays usable.
    func drop() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle { connection.channel.close(promise: nil) }
    }

    /// Closes all idle connections, and keeps none from now on.
    func close() {
        state.withLock { $0.isClosed = true }
        drop()
    }
}
