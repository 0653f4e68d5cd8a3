/// The path of cells of one unit, drawn as a line of the width of one: a few bytes for each, as a page may have thousands.
struct CellPath {
    /// The value of the attribute `d`; empty without a cell.
    private(set) var text = ""
    private var x = 0
    private var y = 0

    /// Adds `length` cells to the right of column `x` in row `y`, counted from above.
    mutating func add(x: Int, y: Int, length: Int = 1) {
        if text.isEmpty {
            text = "M\(x) \(y).5"
        } else {
            let down = y - self.y
            text += "m\(x - self.x)\(down < 0 ? "" : " ")\(down)"
        }
        text += "h\(length)"
        self.x = x + length
        self.y = y
    }
}
