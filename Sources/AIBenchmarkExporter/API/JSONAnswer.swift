import ExporterServer
import Foundation

/// How the management API writes: JSON with keys in snake case and in order, times as RFC 3339 has them.
enum JSONAnswer {
    /// The text of `value`, whose keys are what they are.
    static func encodeAsIs(_ value: JSONValue) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map(Array.init) ?? Array("{}".utf8)
    }

    /// The text of `value`, without a line end.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+Inf",
            negativeInfinity: "-Inf",
            nan: "NaN"
        )
        return (try? encoder.encode(value)).map(Array.init) ?? Array("{}".utf8)
    }
}

extension ServerResponse {
    /// An answer whose body is `value`.
    static func json(
        _ status: Int,
        _ value: some Encodable,
        headers: [(name: String, value: String)] = []
    ) -> Self {
        json(status, encoded: JSONAnswer.encode(value), headers: headers)
    }

    /// The same for `request`, which gets only 304 where it has seen the body before.
    ///
    /// The tag is of this process: its hash is keyed at random, so nobody can make two bodies that share one.
    static func json(_ value: some Encodable, for request: ServerRequest) -> Self {
        json(encoded: JSONAnswer.encode(value), for: request)
    }

    /// An answer for `request` with a body that is JSON already.
    static func json(encoded body: [UInt8], for request: ServerRequest) -> Self {
        var hasher = Hasher()
        hasher.combine(body)
        let tag = "\"" + String(UInt(bitPattern: hasher.finalize()), radix: 16) + "\""
        let headers = [(name: "ETag", value: tag), (name: "Cache-Control", value: "no-cache")]
        let known = (request.headers["if-none-match"] ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard known.contains(where: { $0 == tag || $0 == "W/\(tag)" || $0 == "*" }) else {
            return json(200, encoded: body, headers: headers)
        }
        return Self(status: 304, contentType: "application/json", headers: headers, body: [])
    }

    private static func json(
        _ status: Int,
        encoded body: [UInt8],
        headers: [(name: String, value: String)]
    ) -> Self {
        Self(status: status, contentType: "application/json", headers: headers, body: body + [0x0A])
    }
}

/// A time of day as RFC 3339 writes it, to the millisecond, in UTC.
struct Timestamp: Encodable, Hashable, Sendable {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Seconds since 1970.
    var seconds: Double

    init(_ seconds: Double) {
        self.seconds = seconds
    }

    /// Reads a time as RFC 3339 has it, from 1970 on; `nil` where the text is none.
    init?(_ text: String) {
        let pattern =
            /([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}):([0-9]{2})(\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))/
        guard let match = text.wholeMatch(of: pattern)?.output, let second = Double(match.3),
            let fraction = Double("0\(match.4 ?? "")"), let hours = Double(match.6 ?? "0"),
            let minutes = Double(match.7 ?? "0"), hours < 24, minutes < 60
        else { return nil }
        // The parser takes the 30th of February for the 2nd of March, which its text then shows.
        let minute = "\(match.1)T\(match.2):00Z"
        let style = Date.ISO8601FormatStyle()
        guard let date = try? style.parse(minute), style.format(date) == minute else { return nil }
        let offset = (hours * 3_600 + minutes * 60) * (match.5 == "-" ? -1 : 1)
        let begun = date.timeIntervalSince1970 - offset
        // A second is added to the last minute of a day only.
        guard second < 60 || second == 60 && (begun + 60).truncatingRemainder(dividingBy: 86_400) == 0 else {
            return nil
        }
        seconds = begun + second + fraction
        guard seconds >= 0 else { return nil }
    }

    var text: String {
        // No store and no clock should bring another, but a year has to have four digits.
        Date(timeIntervalSince1970: min(max(0, seconds), 253_402_300_799)).formatted(Self.style)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension Double {
    /// The number; `nil` where it is none that JSON can write, such as the latency of a failure.
    var finite: Double? { isFinite ? self : nil }
}
