package import BenchmarkModel

extension Recorder {
    /// What each operation of `benchmark` is compared with; one that has learnt nothing yet where there is no other.
    package func baselines(of benchmark: String) -> [BenchmarkIdentity: BaselineState] {
        let operations = description(of: benchmark)?.operations ?? []
        let known = state(of: benchmark)
        let pairs = operations.map { operation in
            (
                operation.identity,
                known?.operation(operation.identity)?.baseline ?? BaselineState(fingerprint: operation.fingerprint)
            )
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The state of `benchmark` with other baselines, and with what they say of it, not yet exposed.
    ///
    /// Like the state that a run leads to, it is to be made durable and adopted before the next one is prepared; `nil`
    /// when the benchmark is not recorded. Operations that are not named keep theirs.
    package func prepare(
        _ baselines: [BenchmarkIdentity: (baseline: BaselineState, finding: RegressionFinding)],
        of benchmark: String
    ) -> BenchmarkState? {
        guard var next = state(of: benchmark) else { return nil }
        next.sequence += 1
        for (identity, known) in baselines { next.replaceBaseline(of: identity, with: known.baseline, known.finding) }
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
            next.replaceBaseline(of: identity, with: baseline, finding(baseline))
        }
        return next
    }
}

extension BenchmarkState {
    /// Puts another baseline in place, and what it says in the last run.
    package mutating func replaceBaseline(
        of identity: BenchmarkIdentity,
        with baseline: BaselineState,
        _ finding: RegressionFinding
    ) {
        for index in operations.indices where operations[index].identity == identity {
            operations[index].baseline = baseline
        }
        guard var run = lastRun else { return }
        for index in run.operations.indices where run.operations[index].identity == identity {
            run.operations[index].finding = finding.withoutBaseline
        }
        lastRun = run
    }
}
