import BenchmarkModel
import Logging

/// What is logged of a run: for each operation a line where its grade or its validity is another than that of the run before,
/// and else one at `debug`.
struct RunLog {
    let logger: Logger

    /// Writes the lines of `run`; `lastRun` is the completed one before it.
    func write(_ run: RunSummary, after lastRun: RunSummary?) {
        for operation in run.operations {
            let last = lastRun?.operation(operation.identity)
            let grade = run.outcome == .completed ? operation.statistics?.grade : nil
            let isChange = grade != nil && grade != last?.statistics?.grade
            logger.log(
                level: isChange ? .info : .debug,
                isChange ? "grade changed" : "run finished",
                metadata: Self.metadata(of: operation, in: run, grade: grade)
            )
            if run.outcome == .completed {
                writeValidity(of: operation, after: last)
                writeRegression(of: operation, after: last)
            }
        }
    }

    /// A person should act, but the exporter still does all that it can.
    private func writeValidity(of operation: OperationSummary, after last: OperationSummary?) {
        var metadata = Self.labels(operation.identity)
        switch (operation.invalidity, last?.invalidity) {
        case (let reason?, nil):
            metadata["reason"] = "\(reason)"
            logger.warning("measurement invalid", metadata: metadata)
        case (nil, .some): logger.info("measurement valid again", metadata: metadata)
        case (.some, .some), (nil, nil): break
        }
    }

    /// A regression wants a person; that one is over, or a baseline was learnt, is news.
    private func writeRegression(of operation: OperationSummary, after last: OperationSummary?) {
        let before = last?.finding?.state ?? .learning
        guard let finding = operation.finding, finding.state != before else { return }
        var metadata = Self.labels(operation.identity)
        metadata["before"] = "\(before.rawValue)"
        if let shift = finding.shift {
            metadata["shift_ratio"] = "\(shift.ratio)"
            metadata["shift_lower"] = "\(shift.lower)"
            metadata["shift_upper"] = "\(shift.upper)"
        }
        if let time = finding.changedAt { metadata["since"] = "\(time)" }
        switch finding.state {
        case .degraded:
            metadata["respect"] = finding.failures == .degradation ? "failures" : "latency"
            logger.warning("worse than the baseline", metadata: metadata)
        case .improved: logger.info("better than the baseline", metadata: metadata)
        case .stable where before == .learning: logger.info("baseline learnt", metadata: metadata)
        case .stable: logger.info("back at the baseline", metadata: metadata)
        case .learning: logger.info("baseline is learnt anew", metadata: metadata)
        }
    }

    private static func labels(_ identity: BenchmarkIdentity) -> Logger.Metadata {
        ["benchmark": "\(identity.benchmark)", "operation": "\(identity.operation)"]
    }

    private static func metadata(
        of operation: OperationSummary,
        in run: RunSummary,
        grade: Grade?
    ) -> Logger.Metadata {
        var metadata = labels(operation.identity)
        metadata["outcome"] = "\(run.outcome.rawValue)"
        metadata["grade"] = "\(grade?.rawValue ?? "none")"
        metadata["failure"] = "\(operation.lastFailure?.detail ?? "none")"
        if let trace = operation.lastFailureTraceID { metadata["failure_trace"] = "\(trace)" }
        if let trace = operation.slowest?.traceID { metadata["slowest_trace"] = "\(trace)" }
        if let judged = operation.statistics?.judged { metadata["judged"] = "\(judged)" }
        if let floor = run.floor { metadata["floor"] = "\(floor)" }
        if let reason = operation.invalidity { metadata["invalid"] = "\(reason)" }
        return metadata
    }
}
