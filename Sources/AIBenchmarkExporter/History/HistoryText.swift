import Foundation

/// How figures of the past are written for people.
enum HistoryText {
    /// A latency; a percentile that falls on a failure has no figure.
    static func latency(_ seconds: Double) -> String {
        seconds.isFinite ? LatencyText.text(seconds) : "failed"
    }

    /// ISO 8601, in UTC, of seconds since 1970.
    static func time(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }
}
