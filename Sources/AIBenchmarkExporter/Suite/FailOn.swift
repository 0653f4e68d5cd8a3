import ArgumentParser
import BenchmarkModel
import Probing

/// What makes a suite fail, once it has been measured.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
    /// A missed objective, or a regression.
    case fail
    case regression
    case never

    /// Why `operation` fails, as a clause; `nil` where it does not.
    func problem(of operation: SuiteReport.Operation) -> String? {
        switch self {
        case .fail: operation.missedObjective ?? operation.regression
        case .regression: operation.regression
        case .never: nil
        }
    }

    /// Whether what was measured is found wanting.
    func fails(_ report: SuiteReport) -> Bool {
        report.operations.contains { problem(of: $0) != nil }
    }

    /// What of `report` was not measured or not compared as asked, as a sentence; `nil` where all was, or nothing fails.
    ///
    /// `earlier` is the file that the suite was to be compared with.
    func shortfall(of report: SuiteReport, comparedWith earlier: String?) -> String? {
        guard self != .never else { return nil }
        if report.isPartial {
            let reasons = report.unfinished.map { "\($0.benchmark), as \($0.reason)" }
            let reason = reasons.isEmpty ? "somebody else ended the suite" : reasons.joined(separator: "; ")
            return "run: not all was measured: \(reason)".printable
        }
        if let earlier, !report.operations.contains(where: { $0.change != nil }) {
            let gap = report.comparison?.gap ?? "nothing was measured"
            return "run: nothing could be compared with \(earlier): \(gap)".printable
        }
        return nil
    }
}

extension SuiteReport.Operation {
    /// What the objective was and what came of it, where it was missed.
    var missedObjective: String? {
        guard grade == .fail else { return nil }
        let judged = judgedSeconds.map { SuiteText.time($0) } ?? "a failure"
        return "\(SuiteText.objective(objective)) where it is \(judged), with "
            + "\(SuiteText.percent(successRatio)) successes of \(samples)"
    }

    /// How it became worse, where it did.
    var regression: String? {
        change?.isRegression == true ? "regression: \(SuiteText.change(change))" : nil
    }
}
