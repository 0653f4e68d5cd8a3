import BenchmarkModel
import Probing

/// A suite as a table for a terminal, with what is worth knowing below it.
struct SuiteTable {
    /// The width of the terminal, in characters; columns that matter least give way.
    var width: Int
    var hasColour: Bool

    private enum Alignment: Sendable { case left, right }

    private struct Column: Sendable {
        var title: String
        var alignment: Alignment
        /// The order in which columns give way, greatest first; 0 stays.
        var expendable: Int
        var cell: @Sendable (SuiteReport.Operation) -> String
    }

    private static let columns: [Column] = [
        Column(title: "operation", alignment: .left, expendable: 0) { $0.name },
        Column(title: "n", alignment: .right, expendable: 2) { "\($0.samples)" },
        Column(title: "success", alignment: .right, expendable: 1) { SuiteText.percent($0.successRatio) },
        Column(title: "min", alignment: .right, expendable: 7) { SuiteText.time($0.latency?.min) },
        Column(title: "mean", alignment: .right, expendable: 5) { SuiteText.time($0.latency?.mean) },
        Column(title: "P50", alignment: .right, expendable: 6) { SuiteText.time($0.latency?.p50) },
        Column(title: "P95", alignment: .right, expendable: 0) { SuiteText.time($0.latency?.p95) },
        Column(title: "P99", alignment: .right, expendable: 7) { SuiteText.time($0.latency?.p99) },
        Column(title: "objective", alignment: .left, expendable: 3) { SuiteText.objective($0.objective) },
        Column(title: "grade", alignment: .left, expendable: 0) { SuiteText.grade($0) },
        Column(title: "change", alignment: .left, expendable: 2) { SuiteText.change($0.change) },
        Column(title: "limits", alignment: .left, expendable: 4) { SuiteText.limits($0.change) },
        Column(title: "distribution", alignment: .left, expendable: 8) { Distribution.line($0.valuesSeconds) },
    ]

    /// That of the terminal or of COLUMNS; where neither says one, no column gives way.
    static func width(_ environment: [String: String]) -> Int {
        Terminal.width(environment).flatMap { $0 > 0 ? $0 : nil } ?? 100_000
    }

    /// The table and its remarks, with line ends.
    func text(of report: SuiteReport) -> String {
        var lines = table(report.operations, isCompared: report.comparison != nil)
        lines.append("")
        let texts =
            SuiteText.remarks(report) + [SuiteText.comparison(report), SuiteText.slowest(report)].compactMap(\.self)
        lines += texts.map(\.printable)
        lines.append(SuiteText.suite(report))
        lines.append(SuiteText.result(report))
        if report.isPartial { lines.append("Ended early: these are the figures until then.") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func table(_ operations: [SuiteReport.Operation], isCompared: Bool) -> [String] {
        var columns = Self.columns
        // Dashes alone are the first to give way: a line below the table says the same.
        if let change = columns.firstIndex(where: { $0.title == "change" }),
            !operations.contains(where: { $0.change != nil })
        {
            if isCompared { columns[change].expendable = 9 } else { columns.remove(at: change) }
        }
        if !operations.contains(where: { $0.change?.shift != nil }) { columns.removeAll { $0.title == "limits" } }
        while width(of: columns, operations) > width,
            let least = columns.indices.max(by: { columns[$0].expendable < columns[$1].expendable }),
            columns[least].expendable > 0
        {
            columns.remove(at: least)
        }
        let rows = [columns.map(\.title)] + operations.map { operation in columns.map { $0.cell(operation).printable } }
        let right = Set(columns.indices.filter { columns[$0].alignment == .right })
        let lines = TextTable.lines(of: rows, alignedRight: right)
        return lines.prefix(1) + zip(lines.dropFirst(), operations).map(coloured)
    }

    private func widest(_ column: Column, _ operations: [SuiteReport.Operation]) -> Int {
        max(column.title.count, operations.map { column.cell($0).count }.max() ?? 0)
    }

    private func width(of columns: [Column], _ operations: [SuiteReport.Operation]) -> Int {
        columns.map { widest($0, operations) + 2 }.reduce(-2, +)
    }

    /// Red for what failed or became worse; the words say it too.
    private func coloured(_ line: String, _ operation: SuiteReport.Operation) -> String {
        let isBad = operation.grade != .pass || operation.change?.isRegression == true
        return hasColour && isBad ? "\u{1B}[31m\(line)\u{1B}[0m" : line
    }
}
