import BenchmarkModel
import Foundation

/// A suite as JUnit's XML, in which every operation is a test case.
enum SuiteJUnit {
    static func text(of report: SuiteReport) -> String {
        let failures = report.operations.count { problem(of: $0) != nil }
        let cases = report.operations.map(testCase).joined(separator: "\n")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites>
              <testsuite name="ai-benchmark-exporter" tests="\(report.operations.count)" failures="\(failures)">
            \(suiteProperties(report))\(cases)
              </testsuite>
            </testsuites>

            """
    }

    private static func testCase(_ operation: SuiteReport.Operation) -> String {
        let time = String(format: "%.6f", operation.latency?.mean ?? 0)
        let attributes =
            "classname=\"\(escaped(operation.identity.benchmark))\" name=\"\(escaped(operation.identity.operation))\" "
            + "time=\"\(time)\""
        var elements: [String] = []
        if let change = operation.change {
            var figures = [("change", SuiteText.change(change)), ("change_verdict", change.verdict.rawValue)]
            if let shift = change.shift {
                figures += [
                    ("shift_ratio", "\(shift.ratio)"), ("shift_ratio_lower", "\(shift.lower)"),
                    ("shift_ratio_upper", "\(shift.upper)"),
                ]
            }
            elements += properties(figures, indentation: 6)
        }
        if let problem = problem(of: operation) {
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
        if let gap = report.comparison?.gap { figures.append(("comparison_gap", gap)) }
        guard !figures.isEmpty else { return "" }
        return properties(figures, indentation: 4).map { $0 + "\n" }.joined()
    }

    private static func properties(_ properties: [(name: String, value: String)], indentation: Int) -> [String] {
        let space = String(repeating: " ", count: indentation)
        let lines = properties.map { "\(space)  <property name=\"\($0.name)\" value=\"\(escaped($0.value))\"/>" }
        return ["\(space)<properties>"] + lines + ["\(space)</properties>"]
    }

    private static func problem(of operation: SuiteReport.Operation) -> String? {
        if operation.grade != .pass {
            let judged = operation.judgedSeconds.map { SuiteText.time($0) } ?? "a failure"
            return "\(SuiteText.objective(operation.objective)) where it is \(judged), with "
                + "\(SuiteText.percent(operation.successRatio)) successes of \(operation.samples)"
        }
        return operation.change?.isRegression == true ? "regression: \(SuiteText.change(operation.change))" : nil
    }

    /// XML knows no control characters, whatever a service answered.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += " "
            case _: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
