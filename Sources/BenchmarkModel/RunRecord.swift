/// What became of a slot of the schedule; the raw value is the label `outcome`.
package enum RunOutcome: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case completed
    /// Ended by shutdown, reload or the API; the iterations that had finished count.
    case aborted
    /// The slot passed while nothing could start its run.
    case missed
    /// The run before was still going.
    case skippedOverlap = "skipped_overlap"
    /// The tokens of a target were spent.
    case skippedBudget = "skipped_budget"
    case skippedStandby = "skipped_standby"

    /// Whether a run began.
    package var isRun: Bool {
        switch self {
        case .completed, .aborted: true
        case .missed, .skippedOverlap, .skippedBudget, .skippedStandby: false
        }
    }
}

/// One run of a benchmark that has ended, or was left out: what was measured, and what happened to the slots since the last.
package struct RunRecord: Hashable, Sendable {
    /// The name of the benchmark.
    package var benchmark: String
    /// `completed` or `aborted`, or what kept the run from beginning: it then has no iterations.
    package var outcome: RunOutcome
    /// When the schedule meant the run to start, in seconds since 1970.
    package var intendedAt: Double
    /// When the run ended, in seconds since 1970.
    package var completedAt: Double
    /// Actual minus intended start, not negative.
    package var lateness: Duration
    /// What was measured, operation by operation, in the order of the benchmark's; at least one.
    package var operations: [OperationRecord]
    /// Slots since the last run that passed while nothing could start a run.
    package var missedSlots: Int
    /// Slots since the last run that found that run still going.
    package var skippedSlots: Int
    /// What the exporter itself added while the run was measured; `nil` where a run ended before that was known.
    package var floor: MeasurementFloor?
    /// What the targets have cost until now that the benchmark asks for tokens, by the name of the target.
    package var spending: [String: TokenSpending]
    /// `nil` where no iteration was executed.
    package var load: LoadFigures?
    /// Whether a slot of the schedule began the run; one that somebody asked for neither was late nor moves the schedule.
    package var isScheduled: Bool

    package init(
        benchmark: String,
        outcome: RunOutcome,
        intendedAt: Double,
        completedAt: Double,
        lateness: Duration,
        operations: [OperationRecord],
        missedSlots: Int = 0,
        skippedSlots: Int = 0,
        floor: MeasurementFloor? = nil,
        spending: [String: TokenSpending] = [:],
        load: LoadFigures? = nil,
        isScheduled: Bool = true
    ) {
        self.benchmark = benchmark
        self.outcome = outcome
        self.intendedAt = intendedAt
        self.completedAt = completedAt
        self.lateness = lateness
        self.operations = operations
        self.missedSlots = missedSlots
        self.skippedSlots = skippedSlots
        self.floor = floor
        self.spending = spending
        self.load = load
        self.isScheduled = isScheduled
    }

    /// The record as the history keeps it.
    package var summary: RunSummary {
        RunSummary(
            benchmark: benchmark,
            outcome: outcome,
            intendedAt: intendedAt,
            completedAt: completedAt,
            operations: operations.map { $0.summary(floor: floor) },
            floor: floor?.duration.seconds,
            load: load
        )
    }
}

/// A run without its iterations: what the history keeps of it, and what the gauges of the last run show.
package struct RunSummary: Hashable, Sendable, Codable {
    package var benchmark: String
    package var outcome: RunOutcome
    /// When the schedule meant the run to start, in seconds since 1970.
    package var intendedAt: Double
    /// When the run ended, in seconds since 1970.
    package var completedAt: Double
    /// In the order of the benchmark's operations.
    package var operations: [OperationSummary]
    /// What the exporter itself added, in seconds; `nil` where that is not known.
    package var floor: Double?
    /// `nil` where no iteration was executed.
    package var load: LoadFigures?

    /// The summary of the operation with these labels; `nil` where the run had none.
    package func operation(_ identity: BenchmarkIdentity) -> OperationSummary? {
        operations.first { $0.identity == identity }
    }

    /// What makes the summary one that nobody can have written, as a clause; `nil` where nothing does.
    package var defect: String? {
        if let defect = BenchmarkState.timeDefect([intendedAt, completedAt]) { return defect }
        let samples = operations.flatMap { $0.statistics.map { Array($0.results.values) } ?? [] }
        return samples.contains { !(0..<1 << 31).contains($0) }
            ? "a number of iterations of a run is not in 0..<2^31" : nil
    }
}
