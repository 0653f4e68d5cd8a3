import Analysis
import BenchmarkModel
import Foundation

/// How figures of a suite are written for people, the same in every format.
enum SuiteText {
    /// A latency; a dash where there is none, or where it falls on a failure.
    static func time(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite else { return "–" }
        return FigureText.latency(seconds)
    }

    static func percent(_ ratio: Double?) -> String {
        ratio.map(FigureText.percent) ?? "–"
    }

    /// Such as `p95 first token ≤ 300 ms`.
    static func objective(_ objective: Objective) -> String {
        "\(judged(objective)) ≤ \(time(objective.target.seconds))"
    }

    /// What is judged: the statistic, and the metric where that is not the duration.
    static func judged(_ objective: Objective) -> String {
        let metric =
            switch objective.metric {
            case .duration: ""
            case .response: " response"
            case .timeToFirstToken: " first token"
            }
        return "\(objective.statistic.rawValue)\(metric)"
    }

    /// The grade of what was measured.
    static func grade(_ grade: Grade?) -> String {
        grade?.rawValue ?? "not measured"
    }

    /// The grade, and whether luck may have made it.
    static func grade(_ operation: SuiteReport.Operation) -> String {
        guard let grade = operation.grade else { return Self.grade(nil) }
        if operation.invalidity != nil { return "\(grade.rawValue) (invalid)" }
        return operation.isConfident == false ? "\(grade.rawValue) (unsure)" : grade.rawValue
    }

    /// By how much latency differs from what it was, and what that means; unsure where it matters and luck may have made it.
    static func change(_ change: SuiteReport.Change?) -> String {
        guard let change else { return "–" }
        let shift = change.shift.map { signedPercent($0.ratio) + " %" }
        let verdict: String? =
            switch change.verdict {
            case .none: change.shift.flatMap { $0.isLarge ? "(unsure)" : nil }
            case .worse: "worse"
            case .better: "better"
            case .failing: "fails more"
            }
        return [shift, verdict].compactMap(\.self).joined(separator: " ")
    }

    /// Between what the change is.
    static func limits(_ change: SuiteReport.Change?) -> String {
        change?.shift.map { "\(signedPercent($0.lower)) to \(signedPercent($0.upper)) %" } ?? "–"
    }

    private static func signedPercent(_ ratio: Double) -> String {
        String(format: abs(ratio - 1) < 10 ? "%+.1f" : "%+.0f", (ratio - 1) * 100)
    }

    /// What the changes are against, and why some are not known; `nil` where nothing was compared.
    static func comparison(_ report: SuiteReport) -> String? {
        guard let comparison = report.comparison else { return nil }
        let basis =
            switch comparison.basis {
            case .baseline: "baseline"
            case .earlierRun: "earlier run"
            case .earlierPartialRun: "earlier run, which was ended early"
            }
        let limits =
            switch comparison.basis {
            case .baseline: "between limits that are certain at 99.9 %"
            case .earlierRun, .earlierPartialRun: "between limits at 99.9 % as if iterations were independent"
            }
        let gap = comparison.gap.map { "not known: \($0)" }
        guard report.operations.contains(where: { $0.change != nil }) else {
            return comparison.gap.map { "Change: no comparison with the \(basis): \($0)" }
        }
        return ["Change: against the \(basis), \(limits)", gap].compactMap(\.self)
            .joined(separator: "; ")
    }

    /// The slowest operation and where the time of its slowest success went; `nil` without an operation.
    static func slowest(_ report: SuiteReport) -> String? {
        guard let operation = report.slowestOperation else { return nil }
        let statistic = operation.objective.statistic.rawValue
        guard let slowest = operation.slowest else {
            let failure = operation.lastFailure.map { ": \($0.reason.rawValue), \($0.detail)" } ?? ""
            return "Slowest: \(operation.name), no success\(failure)"
        }
        let judged = operation.judgedSeconds.map { "\(statistic) \(time($0))" } ?? "\(statistic) falls on a failure"
        let phases = ProbePhase.allCases.compactMap { phase in
            slowest.phases[phase].map { "\(phase.rawValue) \(time($0))" }
        }
        let trace = slowest.traceID.map { ", trace \($0)" } ?? ""
        let phaseList = phases.joined(separator: ", ")
        // Phases are those of the duration, and add up to nothing else.
        let (figure, whole) =
            switch operation.objective.metric {
            case .duration: ("took \(time(slowest.seconds))", ": ")
            case .response: ("ended \(time(slowest.seconds)) after its intended start", "; phases from the start: ")
            case .timeToFirstToken:
                ("reached its first token after \(time(slowest.seconds))", "; phases of the whole answer: ")
            }
        let detail = phases.isEmpty ? "" : whole + phaseList
        return "Slowest: \(operation.name), \(judged); its slowest success \(figure)\(detail)\(trace)"
    }

    /// The suite as a whole.
    static func suite(_ report: SuiteReport) -> String {
        guard let latency = report.suite.latency else { return "Suite: no success" }
        let verdict = report.suite.meetsTarget ? "meets its target" : "does not meet its target"
        return "Suite: mean \(time(latency.mean)), P95 \(time(latency.p95)), "
            + "\(percent(report.suite.ratioWithinTarget)) within \(time(report.suite.targetSeconds)): \(verdict)"
    }

    /// What the suite comes to, which the exit status says too.
    static func result(_ report: SuiteReport) -> String {
        let count = report.operations.count
        let failed = report.operations.count { $0.grade == .fail }
        let unmeasured = report.operations.count { $0.grade == nil }
        let worse = report.operations.count { $0.change?.isRegression == true }
        guard unmeasured < count else { return "Result: nothing was measured" }
        var parts: [String] = []
        if failed > 0 { parts.append("\(failed) of \(count) objectives are missed") }
        if unmeasured > 0 { parts.append("\(unmeasured) of \(count) operations are not measured") }
        if parts.isEmpty { parts.append("all objectives are kept") }
        if worse > 0 { parts.append("\(worse) of \(count) operations have become worse") }
        return "Result: " + parts.joined(separator: ", ")
    }

    /// What cannot be seen in a table: failures, and why figures say nothing.
    static func remarks(_ report: SuiteReport) -> [String] {
        let failures = report.operations.compactMap { operation -> String? in
            guard let failure = operation.lastFailure else { return nil }
            let reasons = operation.failures.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.value) × \($0.key.rawValue)" }
            return "\(operation.name): \(reasons.joined(separator: ", ")); last: \(failure.detail)"
        }
        let invalidities = grouped(
            report.operations.compactMap { operation in
                operation.invalidity.map { ($0, operation.name) }
            }
        ).map { "\(list($0.names)): invalid, as \($0.text)" }
        let isUnsure = report.operations.contains { $0.isConfident == false && $0.invalidity == nil }
        let unsure = "Unsure: too few iterations to support the grade at 95 %; ask for more with --iterations"
        let unfinished = report.unfinished.map { "\($0.benchmark): ended, as \($0.reason)" }
        return unfinished + failures + invalidities + (isUnsure ? [unsure] : [])
    }

    /// Names by the text that is said of them, in the order in which the texts come first.
    static func grouped(_ remarks: [(text: String, name: String)]) -> [(text: String, names: [String])] {
        var groups: [(text: String, names: [String])] = []
        for (text, name) in remarks {
            if let known = groups.firstIndex(where: { $0.text == text }) {
                groups[known].names.append(name)
            } else {
                groups.append((text, [name]))
            }
        }
        return groups
    }

    /// The first three names, and how many more there are.
    static func list(_ names: [String]) -> String {
        let shown = names.count > 4 ? 3 : names.count
        let list = names.prefix(shown).joined(separator: ", ")
        return shown < names.count ? "\(list) and \(names.count - shown) more" : list
    }
}
