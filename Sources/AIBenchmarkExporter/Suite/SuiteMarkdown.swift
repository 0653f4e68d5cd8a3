import BenchmarkModel
import Probing

/// A suite as Markdown, good enough for a comment on a pull request.
enum SuiteMarkdown {
    static func text(of report: SuiteReport) -> String {
        // What has not been measured has neither passed nor failed.
        let verdict: String? =
            report.hasRegressed
            ? "regression" : report.hasFailed ? "objective missed" : report.isPartial ? nil : "pass"
        let heading = [verdict, report.isPartial ? "ended early" : nil].compactMap(\.self).joined(separator: ", ")
        var lines = [
            "### AI benchmark: \(heading)", "", SuiteText.suite(report), "",
            "| operation | n | success | min | mean | P50 | P95 | P99 | objective | grade | change | limits |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- | --- | --- |",
        ]
        lines += report.operations.map { operation in
            let latency = operation.latency
            let cells = [
                operation.name, "\(operation.samples)", SuiteText.percent(operation.successRatio),
                SuiteText.time(latency?.min), SuiteText.time(latency?.mean), SuiteText.time(latency?.p50),
                SuiteText.time(latency?.p95), SuiteText.time(latency?.p99), SuiteText.objective(operation.objective),
                SuiteText.grade(operation), SuiteText.change(operation.change),
                SuiteText.limits(operation.change),
            ]
            return "| " + cells.map(escaped).joined(separator: " | ") + " |"
        }
        let remarks =
            SuiteText.remarks(report) + [SuiteText.comparison(report), SuiteText.slowest(report)].compactMap(\.self)
        if !remarks.isEmpty { lines.append("") }
        lines += remarks.map { "- \(escaped($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Nothing that a service answered may become markup, or command a terminal.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.printable {
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "|", "`", "*", "_", "[", "]", "@", "#", "~": result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }
}
