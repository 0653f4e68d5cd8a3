/// Everything that is counted for one operation of a benchmark.
///
/// What counts runs is the same for all operations of a benchmark, but an operation that is added later begins at zero.
package struct OperationState: Hashable, Sendable, Codable {
    package var identity: BenchmarkIdentity
    /// The label `model` of a language model's metrics; `nil` for other probes.
    package var model: String?
    /// When the counters began at zero, in seconds since 1970.
    package var createdAt: Double
    package var iterations: [IterationResult: UInt64] = [:]
    package var warmupIterations: UInt64 = 0
    package var failures: [FailureReason: UInt64] = [:]
    package var runs: [RunOutcome: UInt64] = [:]
    package var tokens: [TokenSource: [TokenKind: UInt64]] = [:]
    package var histograms: BenchmarkHistograms
    /// When the last run with a passing grade ended, in seconds since 1970.
    package var lastSuccessAt: Double?
    /// What runs are compared with; `nil` before the first one that was.
    package var baseline: DailyBaseline?

    /// A state in which nothing has happened yet.
    package init(identity: BenchmarkIdentity, objective: Objective, traits: OperationTraits, createdAt: Double) {
        self.identity = identity
        model = traits.model
        self.createdAt = createdAt
        histograms = BenchmarkHistograms(objective: objective, traits: traits, createdAt: createdAt)
    }

    /// What makes the state one that no recorder can have written, as a clause; `nil` where nothing does.
    var defect: String? {
        let counters =
            Array(iterations.values) + [warmupIterations] + Array(failures.values) + Array(runs.values)
            + tokens.values.flatMap(\.values)
        if counters.contains(where: { $0 >= 1 << 53 }) { return "a counter is beyond 2^53" }
        if let defect = baseline?.defect { return "of its baseline: \(defect)" }
        return BenchmarkState.timeDefect([createdAt, histograms.createdAt, lastSuccessAt])
    }
}
