import BenchmarkModel
import Foundation

/// Figures as people read them, in a terminal and on a page: three digits that say something, and the unit.
enum FigureText {
    /// A latency, such as `87.5 ms`; an infinite one is that of a failure.
    ///
    /// Always of three digits, so that those of a column are as exact as they look.
    static func latency(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "failed" }
        if seconds == 0 { return "0 s" }
        if seconds < 0.000_999_5 { return "\(threeDigits(seconds * 1e6)) µs" }
        if seconds < 0.999_5 { return "\(threeDigits(seconds * 1000)) ms" }
        return "\(threeDigits(seconds)) s"
    }

    /// A share of 0...1; 100 % and 0 % are only what they say.
    static func percent(_ ratio: Double) -> String {
        guard ratio.isFinite else { return "" }
        let percent = ratio * 100
        if ratio < 1, percent > 99.9 { return "> 99.9 %" }
        if ratio > 0, percent < 0.1 { return "< 0.1 %" }
        return String(format: "%.1f", percent).replacing(/\.0$/, with: "") + " %"
    }

    /// A whole number with its thousands apart.
    static func count(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append("\u{202F}") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }

    /// A length of time in its largest whole unit, such as `30 s` or `6 h`.
    static func length(_ seconds: Double) -> String {
        for (unit, name) in [(86_400.0, "d"), (3600, "h"), (60, "min")] where seconds >= unit {
            if seconds.truncatingRemainder(dividingBy: unit) == 0 { return "\(digits(seconds / unit)) \(name)" }
        }
        return seconds < 1 ? latency(seconds) : "\(digits(seconds)) s"
    }

    /// A number of iterations a second.
    static func rate(_ perSecond: Double) -> String {
        perSecond.isFinite ? "\(digits(perSecond)) /s" : ""
    }

    /// A plain number with two or three digits.
    static func ratio(_ value: Double) -> String {
        value.isFinite ? digits(value) : "∞"
    }

    /// A time, to be read as it is or to be replaced by one that goes with the clock of the reader.
    ///
    /// One that is due is never told to have passed.
    static func time(_ seconds: Double, isDue: Bool = false) -> HTML {
        let date = Date(timeIntervalSince1970: seconds)
        let due: HTML? = isDue ? " data-due" : nil
        return "<time datetime=\"\(date.formatted(.iso8601))\"\(due)>\(date.formatted(clock)) UTC</time>"
    }

    /// Such as `24 Nov 12:03:11`.
    private static let clock = Date.VerbatimFormatStyle(
        format: """
            \(day: .defaultDigits) \(month: .abbreviated) \
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)
            """,
        locale: Locale(identifier: "en_GB"),
        timeZone: .gmt,
        calendar: Calendar(identifier: .gregorian)
    )

    private static func threeDigits(_ value: Double) -> String {
        String(format: "%.\(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)f", value)
    }

    /// Without zeros that say nothing.
    private static func digits(_ value: Double) -> String {
        let text = threeDigits(value)
        guard text.contains(".") else { return text }
        return text.replacing(/\.?0+$/, with: "")
    }
}
