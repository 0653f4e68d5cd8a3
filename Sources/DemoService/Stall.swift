/// A service that comes to a halt again and again, as one does that collects garbage or waits for a lock.
///
/// It answers nothing during the first `length` of every `period`, the first of which begins when the behaviour is set.
struct Stall: Equatable, Sendable {
    let length: DurationText
    let period: DurationText

    /// How long a request waits until the service goes on; zero where it is not halted.
    ///
    /// `elapsed` is the time since the behaviour was set.
    func rest(after elapsed: Duration) -> Duration {
        let phase = max(0, elapsed / .milliseconds(1)).truncatingRemainder(dividingBy: period.milliseconds)
        return .milliseconds(max(0, length.milliseconds - phase))
    }
}

extension Stall: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case length = "for"
        case period = "every"
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(beside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        length = try values.decode(DurationText.self, forKey: .length)
        period = try values.decode(DurationText.self, forKey: .period)
        guard length.milliseconds < period.milliseconds else {
            throw DecodingError.dataCorruptedError(
                forKey: .length,
                in: values,
                debugDescription: "is not less than 'every'"
            )
        }
    }
}
