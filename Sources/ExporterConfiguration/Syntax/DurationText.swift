/// Durations as Prometheus writes them: `500ms`, `30s`, `1h30m`, `30d`, `0`.
///
/// Whole numbers with units from the longest to the shortest, each at most once; a day has 24 hours, a year 365 days. See
/// https://prometheus.io/docs/prometheus/latest/configuration/configuration/.
enum DurationText {
    static let expected = "a duration such as 500ms, 30s or 1h30m"

    /// In milliseconds.
    private static let units: [(name: String, length: Int64)] = [
        ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
        ("ms", 1),
    ]

    /// 100 years: in nanoseconds it still fits 64 bits.
    private static let longest: Int64 = 3_153_600_000_000

    static func parse(_ text: String) throws(ValueProblem) -> Duration {
        if text == "0" { return .zero }
        let problem = ValueProblem(found: text.quotedForMessage, expected: expected)
        guard !text.isEmpty else { throw problem }
        var rest = text[...]
        var allowed = units[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[name.endIndex...]
            if name.isEmpty, !digits.isEmpty, rest.isEmpty {
                throw ValueProblem(found: "\(text.quotedForMessage) without a unit", expected: expected)
            }
            guard !digits.isEmpty, let unit = allowed.firstIndex(where: { $0.name == name }) else { throw problem }
            let (length, overflow) = (Int64(digits) ?? .max).multipliedReportingOverflow(by: units[unit].length)
            guard !overflow, length <= longest - total else {
                throw ValueProblem(found: text.quotedForMessage, expected: "at most 100 years")
            }
            total += length
            allowed = units[(unit + 1)...]
        }
        return .milliseconds(total)
    }

    /// The shortest text for a duration of whole milliseconds.
    static func text(of duration: Duration) -> String {
        var rest = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        var text = ""
        for unit in units where rest >= unit.length && (unit.name != "w" && unit.name != "y") {
            text += "\(rest / unit.length)\(unit.name)"
            rest %= unit.length
        }
        return text.isEmpty ? "0" : text
    }
}

extension Duration {
    /// Reads a duration as a configuration has it, such as `1h30m`; throws what is wrong with it.
    package init(configurationText text: String) throws(ValueProblem) {
        self = try DurationText.parse(text)
    }
}
