import Foundation

/// How the demo service misbehaves, as it was told over `PUT /demo/behaviour`.
struct Behaviour: Equatable, Sendable {
    static let well = Behaviour()
    /// One hour: longer than any deadline of a probe.
    private static let longestSlowness = 3_600_000.0

    /// Added before the first byte of an answer, in milliseconds; 0...3,600,000.
    var slowByMilliseconds = 0.0
    /// The share of requests that are answered with status 500; 0...1.
    var failRatio = 0.0
    /// Whether requests that do not fail are never answered.
    var hang = false
    /// The paths that misbehave, each with all that is below it; empty for all.
    var paths: [String] = []

    func applies(to path: String) -> Bool {
        paths.isEmpty || paths.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }
}

extension Behaviour: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case slowBy = "slow_by"
        case slowByMilliseconds = "slow_by_ms"
        case failRatio = "fail_ratio"
        case hang
        case paths
    }

    init(from decoder: any Decoder) throws {
        let known = Set(CodingKeys.allCases.map(\.rawValue))
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [key], debugDescription: "is not one of \(known.sorted().joined(separator: ", "))")
            )
        }
        let values = try decoder.container(keyedBy: CodingKeys.self)
        slowByMilliseconds = try values.decodeIfPresent(Double.self, forKey: .slowByMilliseconds) ?? 0
        if let text = try values.decodeIfPresent(String.self, forKey: .slowBy) {
            guard let milliseconds = Self.milliseconds(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .slowBy,
                    in: values,
                    debugDescription: "is not a duration such as 400ms or 2s"
                )
            }
            slowByMilliseconds = milliseconds
        }
        failRatio = try values.decodeIfPresent(Double.self, forKey: .failRatio) ?? 0
        hang = try values.decodeIfPresent(Bool.self, forKey: .hang) ?? false
        paths = try values.decodeIfPresent([String].self, forKey: .paths) ?? []
        guard (0...Self.longestSlowness).contains(slowByMilliseconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: values.contains(.slowBy) ? .slowBy : .slowByMilliseconds,
                in: values,
                debugDescription: "is not between 0 and one hour"
            )
        }
        guard (0...1).contains(failRatio) else {
            throw DecodingError.dataCorruptedError(
                forKey: .failRatio,
                in: values,
                debugDescription: "is not between 0 and 1"
            )
        }
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(slowByMilliseconds, forKey: .slowByMilliseconds)
        try values.encode(failRatio, forKey: .failRatio)
        try values.encode(hang, forKey: .hang)
        try values.encode(paths, forKey: .paths)
    }

    private static func milliseconds(_ text: String) -> Double? {
        for (unit, milliseconds) in [("ms", 1.0), ("s", 1000.0), ("m", 60_000.0)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * milliseconds }
        }
        return nil
    }
}

/// Any key of an object, to find those that nobody knows.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}
