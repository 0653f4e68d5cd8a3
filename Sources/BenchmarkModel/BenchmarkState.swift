/// Everything that is counted for one benchmark: what the recorder exposes and the store keeps, as one value.
///
/// States of a benchmark are ordered by (epoch, sequence). Within an epoch counters only grow; a new epoch begins at
/// zero.
package struct BenchmarkState: Hashable, Sendable, Codable {
    package var identity: BenchmarkIdentity
    /// The label `model` of a language model's metrics; `nil` for other probes.
    package var model: String?
    /// Later epochs are greater: milliseconds since 1970 at its beginning, or one more than the last.
    package var epoch: Int64
    /// The number of changes in this epoch: runs that were recorded, and histograms that began anew.
    package var sequence: Int64
    /// When the counters began at zero, in seconds since 1970.
    package var createdAt: Double
    package var iterations: [IterationResult: UInt64] = [:]
    package var warmupIterations: UInt64 = 0
    package var failures: [FailureReason: UInt64] = [:]
    package var runs: [RunOutcome: UInt64] = [:]
    package var tokens: [TokenSource: [TokenKind: UInt64]] = [:]
    package var histograms: BenchmarkHistograms
    /// The last completed run; an aborted one does not replace it.
    package var lastRun: RunSummary?
    /// When the last run with a passing grade ended, in seconds since 1970.
    package var lastSuccessAt: Double?
    /// The intended start of the last run, in seconds since 1970: the phase of the schedule.
    package var lastIntendedAt: Double?

    /// A state in which nothing has happened yet.
    package init(
        identity: BenchmarkIdentity,
        model: String?,
        objective: Objective,
        epoch: Int64,
        createdAt: Double
    ) {
        self.identity = identity
        self.model = model
        self.epoch = epoch
        self.createdAt = createdAt
        sequence = 0
        histograms = BenchmarkHistograms(objective: objective, forLanguageModel: model != nil, createdAt: createdAt)
    }

    /// Where the state stands in the order of all states of its benchmark.
    package var version: StateVersion {
        StateVersion(epoch: epoch, sequence: sequence)
    }

    /// What makes the state one that no recorder can have written, as a clause; `nil` where nothing does.
    ///
    /// A store may hand out anything. Numbers that are out of range would end the process when they are added to.
    package var defect: String? {
        let counters =
            Array(iterations.values) + [warmupIterations] + Array(failures.values) + Array(runs.values)
            + tokens.values.flatMap(\.values)
        if counters.contains(where: { $0 >= 1 << 53 }) { return "a counter is beyond 2^53" }
        if epoch < 0 || epoch >= 1 << 53 { return "epoch \(epoch) is not in 0..<2^53" }
        if sequence < 0 || sequence >= 1 << 53 { return "sequence \(sequence) is not in 0..<2^53" }
        let optionalTimes = [lastSuccessAt, lastIntendedAt, lastRun?.intendedAt, lastRun?.completedAt]
        let times = [createdAt, histograms.createdAt] + optionalTimes.compactMap(\.self)
        if let time = times.first(where: { !(0..<1e11).contains($0) }) { return "time \(time) is not a time" }
        if let samples = lastRun?.statistics?.results.values, samples.contains(where: { !(0..<1 << 31).contains($0) }) {
            return "a number of iterations of the last run is not in 0..<2^31"
        }
        return nil
    }
}

/// The place of a state in the order of all states of its benchmark: by epoch, then by sequence.
package struct StateVersion: Hashable, Sendable, Comparable {
    package var epoch: Int64
    package var sequence: Int64

    package init(epoch: Int64, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.epoch, lhs.sequence) < (rhs.epoch, rhs.sequence)
    }
}
