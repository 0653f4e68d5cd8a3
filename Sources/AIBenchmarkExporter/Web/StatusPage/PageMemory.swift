import BenchmarkModel
import Logging
import SnapshotStore

/// What the pages show of the past, and of alerts.
struct PageMemory: Sendable {
    let board: AlertBoard
    let alerts: FiredAlerts
    let runs = RecentRuns()
    /// When the process began to run benchmarks, in seconds since 1970.
    let startedAt: Double

    /// Adds a run of an earlier process.
    func recall(_ run: RunSummary) {
        runs.add(run, isOutOfSight: run.completedAt < startedAt - LatencyTimeline.span)
    }

    /// The service that adds to `runs` those that ended before `time`, in seconds since 1970, of `benchmarks`.
    func recall(
        from reader: any SnapshotReader,
        of benchmarks: @escaping @Sendable () async -> [String],
        before time: Double,
        logger: Logger
    ) -> RunRecall {
        RunRecall(reader: reader, recentRuns: runs, benchmarks: benchmarks, before: time, logger: logger)
    }
}
