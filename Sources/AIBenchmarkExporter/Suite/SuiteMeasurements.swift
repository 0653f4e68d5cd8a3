import BenchmarkModel
import ExporterConfiguration

/// What a suite has measured so far, run by run: not whole iterations, as each benchmark may have a hundred thousand.
struct SuiteMeasurements {
    private var operations: [SuiteReport.Operation] = []
    private var successes: [Duration] = []
    private var unfinished: [SuiteReport.Unfinished] = []
    private var isPartial = false

    /// Adds a run of `definition`; `isSpent` says of which targets the budget is.
    mutating func add(_ record: RunRecord, of definition: BenchmarkDefinition, isSpent: (String) -> Bool) {
        operations += zip(record.operations, record.summary.operations).map { record, summary in
            let operation = definition.operations.first { $0.identity == record.identity }
            return SuiteReport.Operation(
                record,
                summary,
                fingerprint: operation.map { definition.fingerprint(of: $0, whereverItIs: true) } ?? ""
            )
        }
        successes += record.operations.flatMap(\.iterations).filter { $0.failure == nil }.map(\.duration)
        guard record.outcome != .completed else { return }
        isPartial = true
        let spent = definition.tokenTargets.filter(isSpent).sorted()
        if !spent.isEmpty {
            unfinished.append(
                SuiteReport.Unfinished(
                    benchmark: record.benchmark,
                    reason: "the token budget of \(SuiteText.list(spent)) is spent"
                )
            )
        }
    }

    /// The report of all of them; `target` is that of the default objective, and `isEnded` says whether somebody ended the
    /// suite early.
    func report(target: Duration, completedAt: Double, isEnded: Bool) -> SuiteReport {
        var report = SuiteReport(
            of: operations,
            successes: successes,
            target: target,
            completedAt: completedAt,
            isPartial: isEnded || isPartial
        )
        report.unfinished = unfinished
        return report
    }
}
