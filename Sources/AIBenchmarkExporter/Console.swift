import Foundation

/// What a person at a terminal reads; logs go through the logger.
enum Console {
    /// Writes `text` and a line end to standard output.
    ///
    /// A reader that has gone away is no reason to fail; a disk that is full is, or half a file passes for a whole one: a
    /// failure with `status`.
    static func output(_ text: String, orFailWith status: ExitStatus = .failure) throws(CommandFailure) {
        guard let reason = write(text, to: STDOUT_FILENO), reason != EPIPE else { return }
        throw CommandFailure(
            message: "ai-benchmark-exporter: write standard output: \(String(cString: strerror(reason)))",
            status: status
        )
    }

    /// Writes `text` and a line end to standard error.
    static func error(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Replaces the line that stands on the terminal of standard error; an empty text takes it away.
    static func rewriteErrorLine(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[2K\(text)".utf8))
    }

    /// Writes all of `text`, and a line end where it has none; returns the number of the error that prevented that.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        // Bytes and not characters: a line end of CSV is one character, and not "\n".
        let line = Array(text.utf8) + (text.utf8.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")])
        var written = 0
        while written < line.count {
            let (count, reason) = line[written...].withUnsafeBytes {
                (Glibc.write(descriptor, $0.baseAddress, $0.count), errno)
            }
            switch reason {
            case _ where count >= 0: written += count
            case EINTR: continue
            case EAGAIN:
                // Somebody else has made the pipe or the terminal one that does not wait.
                var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&place, 1, -1)
            default: return reason
            }
        }
        return nil
    }
}
