import Synchronization

/// Holds workers back until all are there, and then releases them together.
final class StartGate: Sendable {
    private struct State {
        var missing: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(workers: Int) {
        state = Mutex(State(missing: workers))
    }

    /// Returns when every worker has called this; each calls it once.
    func arrive() async {
        await withCheckedContinuation { continuation in
            let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.missing -= 1
                state.waiting.append(continuation)
                return state.missing > 0 ? [] : state.waiting
            }
            for worker in released { worker.resume() }
        }
    }
}
