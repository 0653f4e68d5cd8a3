import Foundation

/// How figures of the past are written for people.
enum HistoryText {
    /// ISO 8601, in UTC, of seconds since 1970.
    static func time(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }
}
