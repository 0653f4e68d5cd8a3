import BenchmarkModel
import Foundation
import Probing

/// A suite as JUnit's XML, in which every operation is a test case.
enum SuiteJUnit {
    /// A case has failed where the exit status says so, by `failOn`; one that was not measured is skipped.
    static func text(of report: SuiteReport, _ failOn: FailOn) -> String {
        let failures = report.operations.count { failOn.problem(of: $0) != nil }
        let skipped = report.operations.count { $0.grade == nil }
        let cases = report.operations.map { testCase($0, failOn) }.joined(separator: "\n")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="ai-benchmark-exporter" tests="\(report.operations.count)" failures="\(failures)" skipped="\(skipped)">
            \(suiteProperties(report))\(cases)
              </testsuite>
            </testsuites>

            """
    }

    private static func testCase(_ operation: SuiteReport.Operation, _ failOn: FailOn) -> String {
        let time = String(format: "%.6f", operation.latency?.mean ?? 0)
        let attributes =
            "classname=\"\(escaped(operation.identity.benchmark))\" name=\"\(escaped(operation.identity.operation))\" "
            + "time=\"\(time)\""
        var elements: [String] = []
        let problem = failOn.problem(of: operation)
        var figures: [(name: String, value: String)] = []
        if problem == nil, let missed = operation.missedObjective { figures.append(("missed_objective", missed)) }
        if let change = operation.change {
            figures += [("change", SuiteText.change(change)), ("change_verdict", change.verdict.rawValue)]
            if let shift = change.shift {
                figures += [
                    ("shift_ratio", "\(shift.ratio)"), ("shift_ratio_lower", "\(shift.lower)"),
                    ("shift_ratio_upper", "\(shift.upper)"),
                ]
            }
        }
        if !figures.isEmpty { elements += properties(figures, indentation: 6) }
        if operation.grade == nil { elements.append("      <skipped message=\"not measured\"/>") }
        if let problem {
            let detail = escaped(operation.lastFailure?.detail ?? "")
            elements.append("      <failure message=\"\(escaped(problem))\">\(detail)</failure>")
        }
        guard !elements.isEmpty else { return "    <testcase \(attributes)/>" }
        return (["    <testcase \(attributes)>"] + elements + ["    </testcase>"]).joined(separator: "\n")
    }

    /// Whether the suite ended early, and what the changes are against, with a line end; nothing where neither is said.
    private static func suiteProperties(_ report: SuiteReport) -> String {
        var figures: [(name: String, value: String)] = []
        if report.isPartial { figures.append(("ended_early", "true")) }
        if let comparison = report.comparison { figures.append(("comparison", comparison.basis.rawValue)) }
        for run in report.unfinished { figures.append(("unfinished", "\(run.benchmark), as \(run.reason)")) }
        if let gap = report.comparison?.gap { figures.append(("comparison_gap", gap)) }
        guard !figures.isEmpty else { return "" }
        return properties(figures, indentation: 4).map { $0 + "\n" }.joined()
    }

    private static func properties(_ properties: [(name: String, value: String)], indentation: Int) -> [String] {
        let space = String(repeating: " ", count: indentation)
        let lines = properties.map { "\(space)  <property name=\"\($0.name)\" value=\"\(escaped($0.value))\"/>" }
        return ["\(space)<properties>"] + lines + ["\(space)</properties>"]
    }

    /// XML knows no control characters, and a terminal obeys some that XML knows, whatever a service answered.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.printable.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
