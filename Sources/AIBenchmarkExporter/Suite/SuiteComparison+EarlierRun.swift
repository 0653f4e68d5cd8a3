import BenchmarkModel
import Foundation

extension SuiteComparison {
    /// The comparison with an earlier suite, of which the file has the JSON of `run --output json`.
    init(readingFile path: String) throws(CommandFailure) {
        func failure(_ reason: String) -> CommandFailure {
            CommandFailure(message: "ai-benchmark-exporter: read --compare \(path): \(reason)", status: .badUsage)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure("no such file, or not readable")
        }
        let earlier: SuiteReport
        do {
            earlier = try SuiteJSON.decode(data)
        } catch {
            throw failure("it is not the JSON of 'run --output json'")
        }
        guard earlier.formatVersion == SuiteReport.formatVersion else {
            let known = SuiteReport.formatVersion
            throw failure("its format is version \(earlier.formatVersion), this program reads \(known)")
        }
        self.init(earlier)
    }

    /// The comparison with an earlier suite.
    init(_ earlier: SuiteReport) {
        self.init(earlier.isPartial ? .earlierPartialRun : .earlierRun) { identity in
            guard let operation = earlier.operations.first(where: { $0.identity == identity }) else {
                return .unknown("the earlier run has none of it")
            }
            guard !operation.valuesSeconds.isEmpty else { return .unknown("the earlier run has no success of it") }
            return .known(BaselineLevel(of: operation, at: earlier.completedAt))
        }
    }
}

extension BaselineLevel {
    /// What one run was like, as if its iterations were independent: one run does not say how much runs differ.
    fileprivate init(of operation: SuiteReport.Operation, at completedAt: Double) {
        let successes = operation.valuesSeconds.count
        self.init(
            values: operation.valuesSeconds,
            deviation: 1,
            runs: 1,
            successes: successes,
            failures: max(0, operation.samples) - min(successes, max(0, operation.samples)),
            startedAt: completedAt,
            completedAt: completedAt
        )
    }
}
