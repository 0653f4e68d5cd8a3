package import BenchmarkModel

/// What alerts are judged by, beside the runs: the state of the exporter at the moment of an evaluation.
package struct AlertSignals: Sendable {
    /// `nil` where there is no store.
    package var isStoreUp: Bool?
    package var undurableRuns: Int
    /// The targets whose token budget is spent.
    package var spentTargets: [String]
    package var benchmarks: [BenchmarkIdentity: BenchmarkSignals]

    package init(
        isStoreUp: Bool? = nil,
        undurableRuns: Int = 0,
        spentTargets: [String] = [],
        benchmarks: [BenchmarkIdentity: BenchmarkSignals] = [:]
    ) {
        self.isStoreUp = isStoreUp
        self.undurableRuns = undurableRuns
        self.spentTargets = spentTargets
        self.benchmarks = benchmarks
    }
}

/// The state of one benchmark at the moment of an evaluation.
package struct BenchmarkSignals: Sendable {
    /// In seconds since 1970; `nil` where no run has ever completed.
    package var lastCompletedAt: Double?
    /// Whether no run is due: the benchmark is stopped, stands by for another exporter, or has no budget left.
    package var isPaused: Bool
    /// How a benchmark is worse than its baseline; `nil` where it is not.
    package var degradation: Degradation?
    /// By which share of itself the latency grows in an hour; `nil` where there is no trend.
    package var slopePerHour: Double?

    package init(
        lastCompletedAt: Double? = nil,
        isPaused: Bool = false,
        degradation: Degradation? = nil,
        slopePerHour: Double? = nil
    ) {
        self.lastCompletedAt = lastCompletedAt
        self.isPaused = isPaused
        self.degradation = degradation
        self.slopePerHour = slopePerHour
    }
}

/// In what a benchmark is worse than its baseline.
package enum Degradation: Hashable, Sendable {
    /// It takes so many times as long.
    case latency(ratio: Double)
    /// It fails more often.
    case failures
}
