import BenchmarkModel
import Logging

/// What is logged of a run: a line where its grade or its validity is another than that of the run before, and else one
/// at `debug`.
struct RunLog {
    let logger: Logger

    /// Writes the lines of `run`; `lastRun` is the completed one before it.
    func write(_ run: RunRecord, after lastRun: RunSummary?) {
        let grade = run.outcome == .completed ? run.statistics?.grade : nil
        let isChange = grade != nil && grade != lastRun?.statistics?.grade
        let summary = run.summary
        logger.log(
            level: isChange ? .info : .debug,
            isChange ? "grade changed" : "run finished",
            metadata: Self.metadata(of: summary, grade: grade)
        )
        if run.outcome == .completed { writeValidity(of: summary, after: lastRun) }
    }

    /// A person should act, but the exporter still does all that it can.
    private func writeValidity(of run: RunSummary, after lastRun: RunSummary?) {
        let name = run.identity.benchmark
        switch (run.invalidity, lastRun?.invalidity) {
        case (let reason?, nil):
            logger.warning("measurement invalid", metadata: ["benchmark": "\(name)", "reason": "\(reason)"])
        case (nil, .some): logger.info("measurement valid again", metadata: ["benchmark": "\(name)"])
        case (.some, .some), (nil, nil): break
        }
    }

    private static func metadata(of run: RunSummary, grade: Grade?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "benchmark": "\(run.identity.benchmark)", "outcome": "\(run.outcome.rawValue)",
            "grade": "\(grade?.rawValue ?? "none")", "failure": "\(run.lastFailure?.detail ?? "none")",
        ]
        if let trace = run.lastFailureTraceID { metadata["failure_trace"] = "\(trace)" }
        if let trace = run.slowest?.traceID { metadata["slowest_trace"] = "\(trace)" }
        if let judged = run.statistics?.judged { metadata["judged"] = "\(judged)" }
        if let floor = run.floor { metadata["floor"] = "\(floor)" }
        if let reason = run.invalidity { metadata["invalid"] = "\(reason)" }
        return metadata
    }
}
