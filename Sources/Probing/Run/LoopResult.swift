import BenchmarkModel

/// What a loop has done.
struct LoopResult: Sendable {
    /// Of the iterations that ended, or that could not begin.
    var outcomes: [IterationOutcome] = []
    /// From its beginning to the end of its last iteration, without the time that a worker spent on the null target, at its
    /// share.
    var elapsed = Duration.zero
    /// The most iterations that were in flight at the same time.
    var peakInFlight = 0

    /// Successes per second; `nil` of none, or of no time.
    var successRate: Double? {
        let successes = outcomes.count { $0.failure == nil }
        guard successes > 0, elapsed > .zero else { return nil }
        return Double(successes) / elapsed.seconds
    }
}
