import Foundation

/// What standard output and standard error lead to.
enum Terminal {
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colours go to terminals whose user has not asked for none (https://no-color.org).
    static func hasColour(_ environment: [String: String]) -> Bool {
        let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return outputIsTerminal && !refused && environment["TERM"] != "dumb"
    }

    /// In columns: of the terminal that `descriptor` leads to, else the positive number in COLUMNS, else `nil`.
    static func width(_ environment: [String: String], of descriptor: Int32 = STDOUT_FILENO) -> Int? {
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
    }
}
