/// A duration of at most an hour, longer than any deadline of a probe: `400ms`, `2s` or `1.5m`.
struct DurationText: Codable, Equatable, Sendable {
    static let longest = 3_600_000.0

    /// 0...3,600,000.
    let milliseconds: Double

    init(milliseconds: Double) {
        self.milliseconds = milliseconds
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let milliseconds = Self.milliseconds(try value.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: value,
                debugDescription: "is not a duration such as 400ms or 2s"
            )
        }
        guard (0...Self.longest).contains(milliseconds) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "is not between 0 and one hour")
        }
        self.milliseconds = milliseconds
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        let whole = Int(milliseconds)
        try value.encode(Double(whole) == milliseconds ? "\(whole)ms" : "\(milliseconds)ms")
    }

    private static func milliseconds(_ text: String) -> Double? {
        for (unit, milliseconds) in [("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * milliseconds }
        }
        return nil
    }
}
