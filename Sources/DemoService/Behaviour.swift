/// How the demo service misbehaves, as it was told over `PUT /demo/behaviour`.
struct Behaviour: Equatable, Sendable {
    static let well = Behaviour()

    /// Added before the first byte of an answer, in milliseconds; 0...3,600,000.
    var slowByMilliseconds = 0.0
    /// The share of requests that are answered with status 500; 0...1.
    var failRatio = 0.0
    /// The share of the other requests that are answered at once, in the right form, and wrongly; 0...1.
    var wrongRatio = 0.0
    /// Whether requests that do not fail are never answered.
    var hang = false
    /// When nothing is answered.
    var stall: Stall?
    /// The paths that misbehave, each with all that is below it; empty for all.
    var paths: [String] = []

    func applies(to path: String) -> Bool {
        paths.isEmpty || paths.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }

    /// How much later than usual a request is answered; `elapsed` is the time since the service was told to behave so.
    func lateness(after elapsed: Duration) -> Duration {
        .milliseconds(slowByMilliseconds) + (stall?.rest(after: elapsed) ?? .zero)
    }
}

extension Behaviour: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case slowBy = "slow_by"
        case slowByMilliseconds = "slow_by_ms"
        case failRatio = "fail_ratio"
        case wrongRatio = "wrong_ratio"
        case hang, stall, paths
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(beside: CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        slowByMilliseconds =
            try values.decodeIfPresent(DurationText.self, forKey: .slowBy)?.milliseconds
            ?? values.decode(.slowByMilliseconds, within: 0...DurationText.longest, "0 and one hour")
        failRatio = try values.decode(.failRatio, within: 0...1, "0 and 1")
        wrongRatio = try values.decode(.wrongRatio, within: 0...1, "0 and 1")
        hang = try values.decodeIfPresent(Bool.self, forKey: .hang) ?? false
        stall = try values.decodeIfPresent(Stall.self, forKey: .stall)
        paths = try values.decodeIfPresent([String].self, forKey: .paths) ?? []
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(slowByMilliseconds, forKey: .slowByMilliseconds)
        try values.encode(failRatio, forKey: .failRatio)
        try values.encode(wrongRatio, forKey: .wrongRatio)
        try values.encode(hang, forKey: .hang)
        try values.encodeIfPresent(stall, forKey: .stall)
        try values.encode(paths, forKey: .paths)
    }
}

extension KeyedDecodingContainer {
    /// A number that may be missing, for 0.
    fileprivate func decode(_ key: Key, within range: ClosedRange<Double>, _ bounds: String) throws -> Double {
        let number = try decodeIfPresent(Double.self, forKey: key) ?? 0
        guard range.contains(number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: self,
                debugDescription: "is not between \(bounds)"
            )
        }
        return number
    }
}
