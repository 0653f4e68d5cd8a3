import Glibc
import Synchronization

/// The field `Date` of answers, which an origin server with a clock must send (RFC 9110, section 6.6.1).
///
/// It is written out once a second at most.
final class DateField: Sendable {
    private struct Written {
        var second: Int
        var text: String
    }

    private let clock: @Sendable () -> Int
    private let written = Mutex<Written?>(nil)

    /// `clock` says the seconds since 1970.
    init(clock: @escaping @Sendable () -> Int = { time(nil) }) {
        self.clock = clock
    }

    /// The time as an IMF-fixdate (RFC 9110, section 5.6.7).
    func now() -> String {
        let second = clock()
        return written.withLock { written in
            if let written, written.second == second { return written.text }
            let text = Self.text(second)
            written = Written(second: second, text: text)
            return text
        }
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Not by `strftime`, whose names are those of the locale.
    private static func text(_ second: Int) -> String {
        var seconds = time_t(second)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return "\(day) \(1900 + Int(parts.tm_year)) \(time) GMT"
    }
}
