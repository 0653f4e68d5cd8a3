package import BenchmarkModel

extension Recorder {
    /// What each operation of `benchmark` is compared with; one that has learnt nothing yet where there is no other.
    package func baselines(of benchmark: String) -> [BenchmarkIdentity: DailyBaseline] {
        let operations = description(of: benchmark)?.operations ?? []
        let known = state(of: benchmark)
        let pairs = operations.map { operation in
            (operation.identity, known?.operation(operation.identity)?.baseline ?? operation.newBaseline)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The state of `benchmark` with other baselines, and with what they say of it, not yet exposed.
    ///
    /// Like the state that a run leads to, it is to be made durable and adopted before the next one is prepared; `nil`
    /// when the benchmark is not recorded. Operations that are not named keep theirs. `finding` is what a baseline says.
    package func prepare(
        _ baselines: [BenchmarkIdentity: DailyBaseline],
        of benchmark: String,
        finding: @Sendable (BaselineState) -> RegressionFinding
    ) -> BenchmarkState? {
        guard var next = state(of: benchmark) else { return nil }
        next.sequence += 1
        for (identity, baseline) in baselines { next.replaceBaseline(of: identity, with: baseline, finding) }
        return next
    }

    /// The state of a benchmark with what an `earlier` one knows that could not be read at the start, not yet exposed.
    ///
    /// No counter is among that. `finding` is what a baseline says, `now` is in seconds since 1970; `nil` when the benchmark is
    /// not recorded or nothing is to be learnt.
    package func prepare(
        inheriting earlier: BenchmarkState,
        finding: @Sendable (BaselineState) -> RegressionFinding,
        now: Double
    ) -> BenchmarkState? {
        let name = earlier.benchmark
        guard let current = state(of: name), let description = description(of: name) else { return nil }
        var next = current
        let baselines = next.inherit(from: description.adapting(earlier, now: now))
        guard next != current else { return nil }
        next.sequence += 1
        for (identity, baseline) in baselines {
            next.replaceBaseline(of: identity, with: baseline, finding)
        }
        return next
    }
}

extension BenchmarkState {
    /// Puts another baseline in place, and in the last run what that says of its part of the day.
    package mutating func replaceBaseline(
        of identity: BenchmarkIdentity,
        with baseline: DailyBaseline,
        _ finding: (BaselineState) -> RegressionFinding
    ) {
        for index in operations.indices where operations[index].identity == identity {
            operations[index].baseline = baseline
        }
        guard var run = lastRun else { return }
        for index in run.operations.indices where run.operations[index].identity == identity {
            run.operations[index].finding = finding(baseline[run.completedAt]).withoutBaseline
        }
        lastRun = run
    }
}
