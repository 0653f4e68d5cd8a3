/// What one run measured of one operation: the whole of most benchmarks, and one measured step of a sequence.
package struct OperationRecord: Hashable, Sendable {
    package var identity: BenchmarkIdentity
    package var objective: Objective
    /// Executed before measuring began: counted, not measured.
    ///
    /// Their tokens cost the same.
    package var warmupIterations: [IterationOutcome]
    package var iterations: [IterationOutcome]
    /// Over `iterations`; `nil` when there are none.
    package let statistics: RunStatistics?
    /// Whether the number of iterations supports the grade at 95 %; `nil` where no bound exists.
    ///
    /// Filled in by analysis.
    package var isConfident: Bool?
    /// Where the run leaves the operation against its baseline; filled in by analysis.
    package var finding: RegressionFinding?
    /// What the next run is compared with; `nil` where the run has changed nothing.
    ///
    /// Filled in by analysis.
    package var baseline: DailyBaseline?

    /// The record of `iterations`, which took `elapsed` in all.
    package init(
        identity: BenchmarkIdentity,
        objective: Objective,
        warmupIterations: [IterationOutcome],
        iterations: [IterationOutcome],
        elapsed: Duration
    ) {
        self.identity = identity
        self.objective = objective
        self.warmupIterations = warmupIterations
        self.iterations = iterations
        statistics = RunStatistics(of: iterations, against: objective, elapsed: elapsed)
    }

    /// The record as the history keeps it, of a run with `floor`.
    func summary(floor: MeasurementFloor?) -> OperationSummary {
        var failures: [FailureReason: Int] = [:]
        for failure in iterations.compactMap(\.failure) { failures[failure.reason, default: 0] += 1 }
        let lastFailed = iterations.last { $0.failure != nil }
        return OperationSummary(
            identity: identity,
            objective: objective,
            statistics: statistics,
            isConfident: isConfident,
            failures: failures,
            lastFailure: lastFailed?.failure,
            lastFailureTraceID: lastFailed?.traceID,
            slowest: slowest,
            invalidity: floor?.objection(to: objective),
            sketch: sketch,
            finding: finding?.withoutBaseline
        )
    }

    /// Of the successes, in the objective's metric and in seconds, in the order of the iterations.
    package var latencies: [Double] {
        iterations.filter { $0.failure == nil }.compactMap { $0.value(of: objective.metric)?.seconds }
    }

    private var sketch: NativeHistogram? {
        var sketch = NativeHistogram()
        for value in latencies { sketch.observe(value) }
        return sketch.count > 0 ? sketch : nil
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

/// What the history keeps of one operation of a run.
package struct OperationSummary: Hashable, Sendable, Codable {
    package var identity: BenchmarkIdentity
    package var objective: Objective
    /// `nil` for a run without an iteration.
    package var statistics: RunStatistics?
    /// Whether the grade is supported at 95 %; `nil` where no bound exists.
    package var isConfident: Bool?
    /// How often each reason occurred; reasons that did not are left out.
    package var failures: [FailureReason: Int]
    package var lastFailure: IterationFailure?
    /// The W3C trace id of the iteration of `lastFailure`; `nil` where it had none.
    package var lastFailureTraceID: String?
    /// The success that took longest in the objective's metric; `nil` without one.
    package var slowest: SlowestIteration?
    /// Why the run says nothing about the target of the objective, as a clause; `nil` where it does.
    ///
    /// An invalid run counts like any other, but no baseline may be made of it.
    package var invalidity: String?
    /// Latencies of the successes in the objective's metric, in seconds, for percentiles over many runs.
    ///
    /// `nil` without a success, and in a history that an earlier version wrote.
    package var sketch: NativeHistogram?
    /// Where the run left the operation against its baseline, without the figures of that.
    package var finding: RegressionFinding?
}

/// The success of a run that took longest, and the name under which the service may have recorded it.
package struct SlowestIteration: Hashable, Sendable, Codable {
    /// In the objective's metric.
    package var seconds: Double
    /// The W3C trace id; `nil` where the iteration had none.
    package var traceID: String?
}
