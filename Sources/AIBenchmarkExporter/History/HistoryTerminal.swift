import Foundation

/// What standard output leads to, as far as the history needs to know.
enum HistoryTerminal {
    /// Where neither a terminal nor COLUMNS says how wide a line may be.
    private static let usualWidth = 80

    /// In characters, at least 40.
    static func width(_ environment: [String: String]) -> Int {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return max(40, isKnown ? Int(size.ws_col) : environment["COLUMNS"].flatMap(Int.init) ?? usualWidth)
    }

    /// Colours go to terminals whose user has not asked for none (https://no-color.org).
    static func isColoured(_ environment: [String: String]) -> Bool {
        isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
}
