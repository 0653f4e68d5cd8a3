import Foundation

/// What a person at a terminal reads; logs go through the logger.
enum Console {
    /// Writes `text` and a line end to standard output.
    static func output(_ text: String) {
        write(text, to: .standardOutput)
    }

    /// Writes `text` and a line end to standard error.
    static func error(_ text: String) {
        write(text, to: .standardError)
    }

    /// Replaces the line that stands on the terminal of standard error; an empty text takes it away.
    static func rewriteErrorLine(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[2K\(text)".utf8))
    }

    /// A closed pipe at the other end is no reason to fail.
    private static func write(_ text: String, to handle: FileHandle) {
        let line = text.hasSuffix("\n") ? text : text + "\n"
        try? handle.write(contentsOf: Data(line.utf8))
    }
}
