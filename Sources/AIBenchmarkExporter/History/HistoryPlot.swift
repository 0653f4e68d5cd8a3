import BenchmarkModel

/// P95 of each run as a column of blocks, with the objective as a line and a mark under what was worse or better than the
/// baseline.
///
/// Where there are more runs than columns, a column is the worst of several that followed each other.
struct HistoryPlot {
    private static let height = 8
    private static let blocks: [Character] = Array(" ▁▂▃▄▅▆▇█")
    private static let labelWidth = 8

    /// Oldest first.
    let points: [HistoryPoint]
    /// Of the terminal, in characters.
    let width: Int
    let isColoured: Bool

    private struct Column {
        /// +Inf where it falls on a failure.
        var p95 = 0.0
        var isOver = false
        var state = RegressionState.stable
    }

    /// The lines of the plot.
    var text: String {
        let columns = columns
        guard let target = points.last?.operation.objective.target.seconds, !columns.isEmpty else {
            return "No run with an iteration."
        }
        let top = columns.map(\.p95).filter(\.isFinite).reduce(target, max) * 1.05
        // The row that the objective lies in, counted from below.
        let objectiveRow = min(Self.height - 1, Int(target / top * Double(Self.height)))
        var lines: [String] = []
        for row in (0..<Self.height).reversed() {
            let label = row == objectiveRow ? FigureText.latency(target) : row == Self.height - 1 ? "P95" : ""
            let cells = columns.map { cell($0, row: row, top: top, isObjective: row == objectiveRow) }
            lines.append(padded(label) + " ┤" + cells.joined())
        }
        let marks = columns.map { column -> Character in
            switch column.state {
            case .degraded: "▲"
            case .improved: "▼"
            case .learning: "·"
            case .stable: "─"
            }
        }
        lines.append(padded("") + " └" + String(marks))
        if let first = points.first, let last = points.last {
            lines.append(
                padded("") + "  \(HistoryText.time(first.completedAt)) to \(HistoryText.time(last.completedAt))"
            )
        }
        lines.append(padded("") + "  ┈ objective  × failed  ▲ worse than the baseline  ▼ better  · learning")
        return lines.joined(separator: "\n")
    }

    private var columns: [Column] {
        let measured = points.filter { $0.p95 != nil }
        let count = min(measured.count, max(1, width - Self.labelWidth - 2))
        guard count > 0 else { return [] }
        var columns = Array(repeating: Column(), count: count)
        for (index, point) in measured.enumerated() {
            let column = index * count / measured.count
            let p95 = point.p95 ?? 0
            columns[column].p95 = max(columns[column].p95, p95)
            if p95 > point.operation.objective.target.seconds { columns[column].isOver = true }
            if let state = point.operation.finding?.state, columns[column].state != .degraded {
                columns[column].state = state
            }
        }
        return columns
    }

    private func cell(_ column: Column, row: Int, top: Double, isObjective: Bool) -> String {
        let blank: Character = isObjective ? "┈" : " "
        guard column.p95.isFinite else { return coloured(row == Self.height - 1 ? "×" : blank, isOver: true) }
        // In eighths of a row, above the bottom of this one.
        let eighths = Int(column.p95 / top * Double(8 * Self.height)) - 8 * row
        // The lowest block also stands for what is less than an eighth.
        let filled = min(8, row == 0 ? max(1, eighths) : eighths)
        return filled > 0 ? coloured(Self.blocks[filled], isOver: column.isOver) : String(blank)
    }

    private func coloured(_ character: Character, isOver: Bool) -> String {
        isColoured && isOver ? "\u{1B}[31m\(character)\u{1B}[0m" : String(character)
    }

    private func padded(_ label: String) -> String {
        String(repeating: " ", count: max(0, Self.labelWidth - label.count)) + label
    }
}
