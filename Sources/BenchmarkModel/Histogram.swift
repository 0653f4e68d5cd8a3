/// Observations by bucket, with their sum; counts are per bucket and become cumulative only when they are encoded.
package struct Histogram: Hashable, Sendable {
    package let boundaries: BucketBoundaries
    /// One entry for each boundary and a last one for +Inf; not cumulative.
    package private(set) var counts: [UInt64]
    /// The sum of the observed values, in their unit.
    package private(set) var sum: Double

    /// A histogram without an observation.
    package init(boundaries: BucketBoundaries) {
        self.boundaries = boundaries
        counts = Array(repeating: 0, count: boundaries.upperBounds.count + 1)
        sum = 0
    }

    /// The number of observations.
    package var count: UInt64 {
        counts.reduce(0, +)
    }

    /// Counts `value` as `times` observations; a value on a boundary falls in that boundary's bucket.
    package mutating func observe(_ value: Double, times: UInt64 = 1) {
        counts[boundaries.index(of: value)] += times
        sum += value * Double(times)
    }
}

extension Histogram: Codable {
    private enum CodingKeys: String, CodingKey {
        case upperBounds = "le"
        case counts, sum
    }

    /// Reads a stored histogram, whole or not at all: bounds that are not strictly increasing, counts of another number,
    /// counts so large that adding them could overflow and a sum that is not finite are `DecodingError`s.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
        }
        guard let boundaries = BucketBoundaries(try container.decode([Double].self, forKey: .upperBounds)) else {
            throw refuse(.upperBounds, "bucket boundaries are not strictly increasing")
        }
        counts = try container.decode([UInt64].self, forKey: .counts)
        guard counts.count == boundaries.upperBounds.count + 1 else {
            throw refuse(.counts, "\(counts.count) counts for \(boundaries.upperBounds.count) boundaries")
        }
        guard counts.allSatisfy({ $0 < 1 << 53 }) else {
            throw refuse(.counts, "a count is beyond 2^53")
        }
        sum = try container.decode(Double.self, forKey: .sum)
        guard sum.isFinite else { throw refuse(.sum, "the sum is not finite") }
        self.boundaries = boundaries
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(boundaries.upperBounds, forKey: .upperBounds)
        try container.encode(counts, forKey: .counts)
        try container.encode(sum, forKey: .sum)
    }
}
