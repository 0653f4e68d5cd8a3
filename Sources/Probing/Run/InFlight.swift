import Synchronization

/// How many iterations are being executed, and how many at most were at the same time.
final class InFlight: Sendable {
    private struct State {
        var count = 0
        var peak = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = .max) {
        self.limit = limit
    }

    var peak: Int { state.withLock(\.peak) }

    /// Counts an iteration that begins, unless as many as allowed are in flight already.
    @discardableResult
    func enter() -> Bool {
        state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            state.peak = max(state.peak, state.count)
            return true
        }
    }

    /// Ends what a call of `enter` has begun.
    func leave() {
        state.withLock { $0.count -= 1 }
    }
}
