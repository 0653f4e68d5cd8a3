import Foundation

/// How figures of the past are written for people.
enum HistoryText {
    /// ISO 8601, in UTC, of seconds since 1970.
    static func time(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }

    /// Hours and minutes, in UTC, of seconds since midnight.
    static func timeOfDay(_ seconds: Double) -> String {
        String(format: "%02d:%02dZ", Int(seconds) / 3600, Int(seconds) / 60 % 60)
    }
}
