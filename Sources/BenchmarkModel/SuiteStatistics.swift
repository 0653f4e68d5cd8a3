/// The figures of a suite: one run of each benchmark, taken together.
package struct SuiteStatistics: Hashable, Sendable {
    /// Over the successes of all runs; `nil` without a success.
    package var latency: LatencyStatistics?
    /// The share of successes within the target, 0...1; `nil` without a success.
    package var ratioWithinTarget: Double?
    /// Whether the mean over all successes is within the target; a suite without a success does not meet it.
    package var meetsTarget: Bool

    /// The figures of successes with these `durations`, held against `target`.
    package init(ofSuccesses durations: [Duration], target: Duration) {
        latency = LatencyStatistics(ofSorted: durations.map(\.seconds).sorted())
        let within = durations.count { $0 <= target }
        ratioWithinTarget = durations.isEmpty ? nil : Double(within) / Double(durations.count)
        meetsTarget = latency.map { $0.mean <= target.seconds } ?? false
    }
}
