/// What became of a slot of the schedule; the raw value is the label `outcome`.
package enum RunOutcome: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case completed
    /// Ended by shutdown, reload or the API; the iterations that had finished count.
    case aborted
    /// The slot passed while nothing could start its run.
    case missed
    /// The run before was still going.
    case skippedOverlap = "skipped_overlap"
    case skippedBudget = "skipped_budget"
    case skippedStandby = "skipped_standby"
}

/// One finished run of a benchmark: what was measured, and what happened to the slots since the last one.
package struct RunRecord: Hashable, Sendable {
    package var identity: BenchmarkIdentity
    package var objective: Objective
    /// `completed` or `aborted`.
    package var outcome: RunOutcome
    /// When the schedule meant the run to start, in seconds since 1970.
    package var intendedAt: Double
    /// When the run ended, in seconds since 1970.
    package var completedAt: Double
    /// Actual minus intended start, not negative.
    package var lateness: Duration
    /// The time that the measured iterations took in all.
    package var elapsed: Duration
    /// Executed before measuring began: counted, not measured.
    ///
    /// Their tokens cost the same.
    package var warmupIterations: [IterationOutcome]
    package var iterations: [IterationOutcome]
    /// Slots since the last run that passed while nothing could start a run.
    package var missedSlots: Int
    /// Slots since the last run that found that run still going.
    package var skippedSlots: Int
    /// What the exporter itself added while the run was measured; `nil` where a run ended before that was known.
    package var floor: MeasurementFloor?
    /// Over `iterations`; `nil` when there are none.
    package var statistics: RunStatistics?
    /// Whether the number of iterations supports the grade at 95 %; `nil` where no bound exists.
    ///
    /// Filled in by analysis.
    package var isConfident: Bool?

    package init(
        identity: BenchmarkIdentity,
        objective: Objective,
        outcome: RunOutcome,
        intendedAt: Double,
        completedAt: Double,
        lateness: Duration,
        elapsed: Duration,
        warmupIterations: [IterationOutcome],
        iterations: [IterationOutcome],
        missedSlots: Int = 0,
        skippedSlots: Int = 0,
        floor: MeasurementFloor? = nil
    ) {
        self.identity = identity
        self.objective = objective
        self.outcome = outcome
        self.intendedAt = intendedAt
        self.completedAt = completedAt
        self.lateness = lateness
        self.elapsed = elapsed
        self.warmupIterations = warmupIterations
        self.iterations = iterations
        self.missedSlots = missedSlots
        self.skippedSlots = skippedSlots
        self.floor = floor
        statistics = RunStatistics(of: iterations, against: objective, elapsed: elapsed)
    }

    /// The record as the history keeps it.
    package var summary: RunSummary {
        var failures: [FailureReason: Int] = [:]
        for failure in iterations.compactMap(\.failure) { failures[failure.reason, default: 0] += 1 }
        let lastFailed = iterations.last { $0.failure != nil }
        return RunSummary(
            identity: identity,
            objective: objective,
            outcome: outcome,
            intendedAt: intendedAt,
            completedAt: completedAt,
            statistics: statistics,
            isConfident: isConfident,
            failures: failures,
            lastFailure: lastFailed?.failure,
            lastFailureTraceID: lastFailed?.traceID,
            slowest: slowest,
            floor: floor?.duration.seconds,
            invalidity: floor?.objection(to: objective)
        )
    }

    /// The slowest success in the objective's metric; `nil` without one.
    private var slowest: SlowestIteration? {
        iterations.filter { $0.failure == nil }
            .compactMap { iteration in
                iteration.value(of: objective.metric)
                    .map { SlowestIteration(seconds: $0.seconds, traceID: iteration.traceID) }
            }
            .max { $0.seconds < $1.seconds }
    }
}

/// A run without its iterations: what the history keeps of it, and what the gauges of the last run show.
package struct RunSummary: Hashable, Sendable, Codable {
    package var identity: BenchmarkIdentity
    package var objective: Objective
    package var outcome: RunOutcome
    /// When the schedule meant the run to start, in seconds since 1970.
    package var intendedAt: Double
    /// When the run ended, in seconds since 1970.
    package var completedAt: Double
    /// `nil` for a run without an iteration.
    package var statistics: RunStatistics?
    package var isConfident: Bool?
    /// How often each reason occurred; reasons that did not are left out.
    package var failures: [FailureReason: Int]
    package var lastFailure: IterationFailure?
    /// The W3C trace id of the iteration of `lastFailure`; `nil` where it had none.
    package var lastFailureTraceID: String?
    /// The success that took longest in the objective's metric; `nil` without one, and in runs stored by older versions.
    package var slowest: SlowestIteration?
    /// What the exporter itself added, in seconds; `nil` where that is not known, as in runs stored by older versions.
    package var floor: Double?
    /// Why the run says nothing about its target, as a clause; `nil` where it does.
    ///
    /// An invalid run counts like any other, but no baseline may be made of it.
    package var invalidity: String?
}

/// The success of a run that took longest, and the name under which the service may have recorded it.
package struct SlowestIteration: Hashable, Sendable, Codable {
    /// In the objective's metric.
    package var seconds: Double
    /// The W3C trace id; `nil` where the iteration had none.
    package var traceID: String?
}
