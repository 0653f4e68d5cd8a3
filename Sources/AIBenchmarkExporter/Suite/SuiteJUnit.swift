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
            \(cases)
              </testsuite>
            </testsuites>

            """
    }

    private static func testCase(_ operation: SuiteReport.Operation) -> String {
        let time = String(format: "%.6f", operation.latency?.mean ?? 0)
        let attributes =
            "classname=\"\(escaped(operation.identity.benchmark))\" name=\"\(escaped(operation.identity.operation))\" "
            + "time=\"\(time)\""
        guard let problem = problem(of: operation) else { return "    <testcase \(attributes)/>" }
        return """
                <testcase \(attributes)>
                  <failure message="\(escaped(problem))">\(escaped(operation.lastFailure?.detail ?? ""))</failure>
                </testcase>
            """
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
