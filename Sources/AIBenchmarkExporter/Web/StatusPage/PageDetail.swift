import BenchmarkModel

// A PAGE OF LIMITED WEIGHT
//
// How much a plot weighs depends on what was measured, and how many plots there are on what is configured. So a page is made
// as detailed as it may be, and with less and less until it is light enough: fewer columns, then no heat map, no long
// texts and shorter lists, and only then no plot.

/// How much a page shows of each operation.
struct PageDetail: Hashable {
    /// The most columns of a plot; 0 for no plot.
    var columns: Int
    /// Whether what takes many bytes and is on the page of the benchmark is left out: heat maps, texts of failures, buttons.
    var isSparse = false

    /// The most rows of a table of runs.
    var rows: Int { isSparse ? 40 : 120 }

    /// The most bytes of a page with all that it loads.
    static let weightLimit = 150 * 1024

    /// The least detail: no plot.
    static let none = Self(columns: 0, isSparse: true)

    /// From the most to the least, of plots with at most `columns`.
    private static func choices(upTo columns: Int) -> [Self] {
        let columns = [columns, columns * 2 / 3, columns / 2, columns / 3, columns / 4, columns / 6]
        let sparse = columns.dropFirst(2).map { Self(columns: $0, isSparse: true) }
        return columns.map { Self(columns: $0) } + sparse + [none]
    }

    /// The page that `make` makes with the most detail that is light enough; with the least where none is.
    static func heaviest(upTo columns: Int, _ make: (Self) -> HTML) -> HTML {
        let choices = choices(upTo: columns)
        let whole = make(choices[0])
        if isLight(whole) { return whole }
        // By halves, as a page takes some milliseconds to make.
        var best: HTML?
        var (low, high) = (1, choices.count - 1)
        while low < high {
            let middle = (low + high) / 2
            let page = make(choices[middle])
            if isLight(page) { (best, high) = (page, middle) } else { low = middle + 1 }
        }
        return best ?? make(none)
    }

    private static func isLight(_ page: HTML) -> Bool { page.text.utf8.count + PageAsset.weight < weightLimit }
}
