import BenchmarkModel
import Glibc
import Probing

/// A suite as a table for a terminal, with what is worth knowing below it.
struct SuiteTable {
    /// Where nothing says how wide a line may be.
    private static let unlimitedWidth = 100_000

    /// The width of the terminal, in columns of characters; what matters least gives way.
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

    /// That of the terminal that `descriptor` leads to, or of COLUMNS; where neither says one, nothing gives way.
    static func width(_ environment: [String: String], of descriptor: Int32 = STDOUT_FILENO) -> Int {
        Terminal.width(environment, of: descriptor) ?? unlimitedWidth
    }

    /// The table and its remarks, with line ends.
    func text(of report: SuiteReport) -> String {
        var lines = table(report.operations, isCompared: report.comparison != nil)
        lines.append("")
        let texts =
            SuiteText.remarks(report) + [SuiteText.comparison(report), SuiteText.slowest(report)].compactMap(\.self)
        lines += (texts + [SuiteText.suite(report), SuiteText.result(report)])
            .flatMap { $0.printable.wrapped(toDisplayWidth: width) }
        if report.isPartial {
            lines += "Ended early: these are the figures until then.".wrapped(toDisplayWidth: width)
        }
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
        shorten(&columns, operations)
        let rows = [columns.map(\.title)] + operations.map { operation in columns.map { $0.cell(operation).printable } }
        let right = Set(columns.indices.filter { columns[$0].alignment == .right })
        let lines = TextTable.lines(of: rows, alignedRight: right)
        return lines.prefix(1) + zip(lines.dropFirst(), operations).map(coloured)
    }

    /// Of columns that stay, what a line below the table says gives way, and then the middle of names.
    private func shorten(_ columns: inout [Column], _ operations: [SuiteReport.Operation]) {
        guard width(of: columns, operations) > width else { return }
        if let grade = columns.firstIndex(where: { $0.title == "grade" }) {
            columns[grade].cell = { $0.grade?.rawValue ?? "–" }
        }
        let room = widest(columns[0], operations) - max(0, width(of: columns, operations) - width)
        let nameWidth = max(columns[0].title.count, room)
        columns[0].cell = { $0.name.printable.shortened(toDisplayWidth: nameWidth) }
    }

    private func widest(_ column: Column, _ operations: [SuiteReport.Operation]) -> Int {
        max(column.title.count, operations.map { column.cell($0).printable.displayWidth }.max() ?? 0)
    }

    private func width(of columns: [Column], _ operations: [SuiteReport.Operation]) -> Int {
        columns.map { widest($0, operations) + 2 }.reduce(-2, +)
    }

    /// Red for what failed or became worse; the words say it too.
    private func coloured(_ line: String, _ operation: SuiteReport.Operation) -> String {
        let isBad = operation.grade == .fail || operation.change?.isRegression == true
        return hasColour && isBad ? "\u{1B}[31m\(line)\u{1B}[0m" : line
    }
}
