import Analysis
import BenchmarkModel
import Foundation

/// An earlier suite that a new one is held against.
struct SuiteComparison {
    private let earlier: SuiteReport

    /// Reads the JSON of `run --output json`.
    init(readingFile path: String) throws(CommandFailure) {
        func failure(_ reason: String) -> CommandFailure {
            CommandFailure(message: "ai-benchmark-exporter: read --compare \(path): \(reason)", status: .badUsage)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw failure("no such file, or not readable")
        }
        do {
            earlier = try SuiteJSON.decode(data)
        } catch {
            throw failure("it is not the JSON of 'run --output json'")
        }
        guard earlier.formatVersion == SuiteReport.formatVersion else {
            let known = SuiteReport.formatVersion
            throw failure("its format is version \(earlier.formatVersion), this program reads \(known)")
        }
    }

    /// Adds to each operation of `report` how it changed, where the earlier suite has successes of it.
    func fill(_ report: inout SuiteReport) {
        for index in report.operations.indices {
            let operation = report.operations[index]
            guard let before = earlier.operations.first(where: { $0.identity == operation.identity }) else { continue }
            report.operations[index].change = SuiteReport.Change(from: before, to: operation)
        }
    }
}

extension SuiteReport.Change {
    /// Both limits of the shift, so that one of a thousand comparisons without a change seems to be one.
    private static let confidence = 0.999
    /// Less is of no interest, however sure; as for regressions against a baseline.
    private static let leastShift = 1.05

    /// A regression is latency that has shifted for certain and by enough, or a share of failures that certainly is greater.
    ///
    /// `nil` where one of them has no success.
    fileprivate init?(from before: SuiteReport.Operation, to now: SuiteReport.Operation) {
        guard !before.valuesSeconds.isEmpty, !now.valuesSeconds.isEmpty else { return nil }
        let shift = ShiftRatio(of: now.valuesSeconds, to: before.valuesSeconds, confidence: Self.confidence)
        let failuresNow = RatioBounds(
            now.samples - now.valuesSeconds.count,
            of: now.samples,
            confidence: Self.confidence
        )
        let failuresBefore = RatioBounds(
            before.samples - before.valuesSeconds.count,
            of: before.samples,
            confidence: Self.confidence
        )
        self.init(
            shiftRatio: shift.ratio,
            isRegression: shift.lower > 1 && shift.ratio >= Self.leastShift || failuresNow.lower > failuresBefore.upper
        )
    }
}
