/// The figures of a suite: one run of each benchmark, taken together.
package struct SuiteStatistics: Hashable, Sendable {
    /// Over the successes of all runs; `nil` without a success.
    package var latency: LatencyStatistics?
    /// The share of successes within the target, 0...1; `nil` without a success.
    package var ratioWithinTarget: Double?
    /// Whether the mean over all successes is within the target; a suite without a success does not meet it.
    package var meetsTarget: Bool

    /// The figures of the durations of the successful `iterations`, held against `target`.
    package init(of iterations: [IterationOutcome], target: Duration) {
        let successes = iterations.filter { $0.failure == nil }
        latency = LatencyStatistics(ofSorted: successes.map(\.duration.seconds).sorted())
        let within = successes.count { $0.duration <= target }
        ratioWithinTarget = successes.isEmpty ? nil : Double(within) / Double(successes.count)
        meetsTarget = latency.map { $0.mean <= target.seconds } ?? false
    }
}
