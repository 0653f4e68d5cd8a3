/// What an operation is compared with: one baseline, or one for each of a number of equal parts of the day (UTC).
///
/// A service that is busy by day and idle by night is neither worse each morning nor better each evening. Each part learns,
/// is frozen and watches by itself, so that what is known about one baseline holds for each of them.
package struct DailyBaseline: Hashable, Sendable {
    /// How many parts a day may have.
    package static let partCounts = 1...24
    private static let day = 86_400.0

    /// In the order of the day; at least one.
    package private(set) var parts: [BaselineState]

    /// Baselines of `parts`, 1...24, that have learnt nothing yet.
    package init(fingerprint: String, parts: Int = 1) {
        let count = min(max(parts, Self.partCounts.lowerBound), Self.partCounts.upperBound)
        self.parts = Array(repeating: BaselineState(fingerprint: fingerprint), count: count)
    }

    /// One baseline for the whole day.
    package init(_ baseline: BaselineState) {
        parts = [baseline]
    }

    /// Of the definition that all parts were learnt of.
    package var fingerprint: String { parts[0].fingerprint }

    /// The baseline of the part of the day that `time` is in, in seconds since 1970.
    package subscript(time: Double) -> BaselineState {
        get { parts[part(at: time)] }
        set { parts[part(at: time)] = newValue }
    }

    /// Changes the baselines of all parts.
    package mutating func changeAll(_ change: (inout BaselineState) -> Void) {
        for index in parts.indices { change(&parts[index]) }
    }

    /// When a part begins and ends, in seconds of the day.
    package func span(of part: Int) -> Range<Double> {
        let length = Self.day / Double(parts.count)
        return Double(part) * length..<Double(part + 1) * length
    }

    /// What makes the baselines ones that no detector can have written, as a clause; `nil` where nothing does.
    package var defect: String? {
        parts.lazy.compactMap(\.defect).first
            ?? (parts.contains { $0.fingerprint != fingerprint } ? "its parts are of several definitions" : nil)
    }

    private func part(at time: Double) -> Int {
        guard BaselineState.Limit.isTime(time) else { return 0 }
        let share = time.truncatingRemainder(dividingBy: Self.day) / Self.day
        return min(parts.count - 1, Int(share * Double(parts.count)))
    }
}

/// One baseline is written as itself, as it was before there were parts.
extension DailyBaseline: Codable {
    private enum CodingKeys: String, CodingKey {
        case parts
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.contains(.parts) else {
            parts = [try BaselineState(from: decoder)]
            return
        }
        parts = try container.decode([BaselineState].self, forKey: .parts)
        guard Self.partCounts.contains(parts.count) else {
            throw DecodingError.dataCorruptedError(
                forKey: .parts,
                in: container,
                debugDescription: "\(parts.count) parts of the day, expected 1 to 24"
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        guard parts.count > 1 else { return try parts[0].encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(parts, forKey: .parts)
    }
}
