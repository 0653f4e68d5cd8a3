// PERCENTILES THAT CAN BE ADDED UP
//
// The P95 of a day is not the mean of the P95s of its runs. What can be added up is counts, in buckets that are the same
// for every run: those of Prometheus' native histograms, whose boundaries are the powers of 2^(2^-schema). At schema 4 a
// bucket is 4.4 % wide, so a percentile is within 2.2 % of the exact one, whatever its size. Only buckets that have
// something are kept. Where more than 160 would, neighbours are put together, two by two, until they fit: schema 3, with
// twice the error, covers 160 buckets of 9 %.
//
// Putting together composes, and the schema that fits depends only on all that was counted. So the same values have the
// same histogram in whatever order they were observed and merged.
// https://prometheus.io/docs/specs/native_histograms/

/// Observations that are not negative, in sparse exponential buckets; histograms of any runs merge.
package struct NativeHistogram: Hashable, Sendable {
    /// A bucket that has observations.
    package struct Bucket: Hashable, Sendable {
        /// The bucket is of values greater than 2^((index − 1)·2^−schema), up to 2^(index·2^−schema).
        package var index: Int
        package var count: UInt64
    }

    /// The finest resolution, with which a histogram begins.
    package static let finestSchema = 4
    private static let coarsestSchema = -4
    /// The most buckets.
    package static let bucketLimit = 160
    /// What is not greater counts as zero, as Prometheus has it.
    package static let zeroThreshold = 0x1p-128

    /// -4...4; one more halves the width of the buckets.
    package private(set) var schema = Self.finestSchema
    /// Observations up to the zero threshold.
    package private(set) var zeroCount: UInt64 = 0
    /// By ascending index, at most 160; none is empty.
    package private(set) var buckets: [Bucket] = []
    /// The sum of the observed values, in their unit.
    package private(set) var sum = 0.0

    /// A histogram without an observation.
    package init() {}

    /// The number of observations.
    package var count: UInt64 {
        buckets.reduce(zeroCount) { $0 + $1.count }
    }

    /// The mean of the observed values, exact; `nil` of none.
    package var mean: Double? {
        count > 0 ? sum / Double(count) : nil
    }

    /// Counts `value`; one that is negative or not finite is no observation.
    package mutating func observe(_ value: Double) {
        guard value >= 0, value.isFinite else { return }
        sum = min(sum + value, .greatestFiniteMagnitude)
        guard value > Self.zeroThreshold else {
            zeroCount += 1
            return
        }
        add(1, at: Self.coarsened(Self.index(of: value), by: Self.finestSchema - schema))
        fit()
    }

    /// Adds the observations of `other`.
    package mutating func merge(_ other: Self) {
        var other = other
        while schema > other.schema { coarsen() }
        while other.schema > schema { other.coarsen() }
        for bucket in other.buckets { add(bucket.count, at: bucket.index) }
        zeroCount += other.zeroCount
        sum = min(sum + other.sum, .greatestFiniteMagnitude)
        fit()
    }

    /// The percentile by nearest rank, with the relative error of the buckets: 2.2 % at schema 4; `nil` of no value.
    ///
    /// `percent` is a whole number of hundredths, 1...100.
    package func percentile(_ percent: Int) -> Double? {
        let count = count
        guard count > 0 else { return nil }
        let (hundreds, rest) = count.quotientAndRemainder(dividingBy: 100)
        let share = UInt64(min(max(1, percent), 100))
        let rank = max(1, hundreds * share + (rest * share + 99) / 100)
        var seen = zeroCount
        if rank <= seen { return 0 }
        for bucket in buckets {
            seen += bucket.count
            if rank <= seen { return middle(of: bucket.index) }
        }
        return nil
    }

    private mutating func add(_ count: UInt64, at index: Int) {
        let place = buckets.partitioningIndex { $0.index >= index }
        if place < buckets.count, buckets[place].index == index {
            buckets[place].count += count
        } else {
            buckets.insert(Bucket(index: index, count: count), at: place)
        }
    }

    private mutating func fit() {
        while buckets.count > Self.bucketLimit, schema > Self.coarsestSchema { coarsen() }
    }

    /// Puts neighbours together, two by two.
    private mutating func coarsen() {
        schema -= 1
        let fine = buckets
        buckets = []
        for bucket in fine {
            let index = Self.coarsened(bucket.index, by: 1)
            if let last = buckets.indices.last, buckets[last].index == index {
                buckets[last].count += bucket.count
            } else {
                buckets.append(Bucket(index: index, count: bucket.count))
            }
        }
    }

    private static func coarsened(_ index: Int, by levels: Int) -> Int {
        (index + (1 << levels) - 1) >> levels
    }
}

// MARK: - Boundaries

extension NativeHistogram {
    /// 2^(k/16) for k in 0...16.
    private static let powers: [Double] = {
        let half = 2.0.squareRoot()
        let quarter = half.squareRoot()
        let eighth = quarter.squareRoot()
        let factors = [eighth.squareRoot(), eighth, quarter, half]
        let fractions = (0..<16).map { k in
            factors.indices.reduce(1.0) { k >> $1 & 1 == 1 ? $0 * factors[$1] : $0 }
        }
        return fractions + [2]
    }()

    /// The index at the finest schema of a value beyond the zero threshold.
    private static func index(of value: Double) -> Int {
        let significand = value.significand
        return Int(value.exponent) << finestSchema + powers.partitioningIndex { $0 >= significand }
    }

    /// The value that is at most as far, relatively, from either end of the bucket.
    private func middle(of index: Int) -> Double {
        upperBound(of: index - 1).squareRoot() * upperBound(of: index).squareRoot()
    }

    private func upperBound(of index: Int) -> Double {
        // At a coarse schema the bucket after the last finite one may end beyond all numbers.
        let fine = schema >= 0 ? index << (Self.finestSchema - schema) : index * (1 << (Self.finestSchema - schema))
        let exponent = min(max(-1_000, fine >> Self.finestSchema), 1_000)
        return Double(sign: .plus, exponent: exponent, significand: Self.powers[fine & 15])
    }
}

extension Array {
    /// The first index whose element, like all after it, satisfies the predicate; the number of elements where none does.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

// MARK: - Stored form

extension NativeHistogram: Codable {
    private enum CodingKeys: String, CodingKey {
        case schema, indices, counts, sum
        case zeroCount = "zero_count"
    }

    /// Reads a stored histogram, whole or not at all; what cannot have been observed is a `DecodingError`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
        }
        schema = try container.decode(Int.self, forKey: .schema)
        guard (Self.coarsestSchema...Self.finestSchema).contains(schema) else {
            throw refuse(.schema, "schema \(schema) is not in -4...4")
        }
        zeroCount = try container.decode(UInt64.self, forKey: .zeroCount)
        let indices = try container.decode([Int].self, forKey: .indices)
        let counts = try container.decode([UInt64].self, forKey: .counts)
        guard indices.count <= Self.bucketLimit, indices.count == counts.count else {
            throw refuse(.counts, "\(counts.count) counts for \(indices.count) buckets")
        }
        guard zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 }),
            indices.allSatisfy({ (-1 << 16...1 << 16).contains($0) })
        else { throw refuse(.indices, "the buckets are not in order") }
        guard zeroCount < 1 << 40, counts.allSatisfy({ (1..<1 << 40).contains($0) }) else {
            throw refuse(.counts, "a count is not in 1..<2^40")
        }
        sum = try container.decode(Double.self, forKey: .sum)
        guard sum >= 0, sum.isFinite else { throw refuse(.sum, "the sum is none of such values") }
        buckets = zip(indices, counts).map { Bucket(index: $0, count: $1) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(schema, forKey: .schema)
        try container.encode(zeroCount, forKey: .zeroCount)
        try container.encode(buckets.map(\.index), forKey: .indices)
        try container.encode(buckets.map(\.count), forKey: .counts)
        try container.encode(sum, forKey: .sum)
    }
}
