import BenchmarkModel
import Logging

/// What is logged of a run: one line where its grade is another than that of the run before, and else one at `debug`.
struct RunLog {
    let logger: Logger

    /// Writes the line of `run`; `lastRun` is the completed one before it.
    func write(_ run: RunRecord, after lastRun: RunSummary?) {
        let grade = run.outcome == .completed ? run.statistics?.grade : nil
        let isChange = grade != nil && grade != lastRun?.statistics?.grade
        logger.log(
            level: isChange ? .info : .debug,
            isChange ? "grade changed" : "run finished",
            metadata: Self.metadata(of: run.summary, grade: grade)
        )
    }

    private static func metadata(of run: RunSummary, grade: Grade?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "benchmark": "\(run.identity.benchmark)", "outcome": "\(run.outcome.rawValue)",
            "grade": "\(grade?.rawValue ?? "none")", "failure": "\(run.lastFailure?.detail ?? "none")",
        ]
        if let trace = run.lastFailureTraceID { metadata["failure_trace"] = "\(trace)" }
        if let trace = run.slowest?.traceID { metadata["slowest_trace"] = "\(trace)" }
        return metadata
    }
}
