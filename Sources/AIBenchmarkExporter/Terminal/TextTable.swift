/// Columns of text, as wide as a terminal shows what is in them.
enum TextTable {
    /// The rows, all of the same number of cells, with two spaces between columns and none at the end.
    static func lines(of rows: [[String]], alignedRight: Set<Int>) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.displayWidth)
            }
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.displayWidth)
                return alignedRight.contains(column) ? padding + cell : cell + padding
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The lines as one text.
    static func text(of rows: [[String]], alignedRight: Set<Int>) -> String {
        lines(of: rows, alignedRight: alignedRight).joined(separator: "\n")
    }
}
