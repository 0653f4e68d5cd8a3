import Alerting
import BenchmarkModel

extension RunEvidence {
    /// What `run` says of one of its operations; slots that it lost count also where it did not take place itself.
    init(_ operation: OperationRecord, of run: RunRecord) {
        let results = operation.statistics?.results ?? [:]
        let good = results[.good] ?? 0
        let slow = results[.slow] ?? 0
        self.init(
            completedAt: run.completedAt,
            good: good,
            slow: slow,
            failed: results[.failed] ?? 0,
            latencyTotal: (operation.statistics?.latency?.mean ?? 0) * Double(good + slow),
            lostSlots: max(0, run.missedSlots) + max(0, run.skippedSlots),
            isValid: run.floor?.objection(to: operation.objective) == nil
        )
    }
}
