import Foundation

/// How figures of the past are written for people.
enum HistoryText {
    /// Three digits that matter; a percentile that falls on a failure has no figure.
    static func latency(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "failed" }
        let milliseconds = seconds * 1_000
        return switch milliseconds {
        case ..<10: String(format: "%.2f ms", milliseconds)
        case ..<100: String(format: "%.1f ms", milliseconds)
        case ..<1_000: String(format: "%.0f ms", milliseconds)
        default: String(format: "%.2f s", seconds)
        }
    }

    /// ISO 8601, in UTC, of seconds since 1970.
    static func time(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }
}
