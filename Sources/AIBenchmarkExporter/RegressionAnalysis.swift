import Analysis
import BenchmarkModel

/// What the numbers of iterations and the past make of a run, before it is stored.
enum RegressionAnalysis {
    /// `run` with the confidence of its grades, and with where it leaves each operation against its baseline.
    ///
    /// `baselines` are those before it. Only a completed run of the schedule whose measurement is valid says something about
    /// the service as the baseline knows it; any other leaves the baseline as it is. Weighing a run takes milliseconds, so this leaves the caller's actor.
    @concurrent static func analyse(
        _ run: RunRecord,
        against baselines: [BenchmarkIdentity: DailyBaseline]
    ) async -> RunRecord {
        var run = run
        for index in run.operations.indices {
            run.operations[index].judgeConfidence()
            guard var baseline = baselines[run.operations[index].identity] else { continue }
            run.operations[index].compare(with: &baseline, in: run)
        }
        return run
    }
}

extension OperationRecord {
    fileprivate mutating func compare(with baseline: inout DailyBaseline, in run: RunRecord) {
        guard run.isScheduled, run.outcome == .completed, run.floor?.objection(to: objective) == nil, statistics != nil
        else {
            finding = RegressionDetector.finding(of: baseline[run.completedAt])
            return
        }
        finding = RegressionDetector.observe(
            successes: latencies,
            failures: iterations.count { $0.failure != nil },
            at: run.completedAt,
            state: &baseline[run.completedAt]
        )
        self.baseline = baseline
    }
}
