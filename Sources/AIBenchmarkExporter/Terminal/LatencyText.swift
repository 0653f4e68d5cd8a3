import Foundation

/// How latencies are written for people, wherever they stand.
enum LatencyText {
    /// Three digits that matter of a finite number of seconds: `0.41 ms`, `12.3 ms`, `393 ms`, `1.50 s`.
    static func text(_ seconds: Double) -> String {
        let milliseconds = seconds * 1000
        return switch milliseconds {
        case ..<10: String(format: "%.2f ms", milliseconds)
        case ..<100: String(format: "%.1f ms", milliseconds)
        case ..<1000: String(format: "%.0f ms", milliseconds)
        default: String(format: "%.2f s", seconds)
        }
    }
}
