/// The upper bounds of a histogram's buckets in ascending order; the bucket for +Inf is not among them.
package struct BucketBoundaries: Hashable, Sendable {
    /// Strictly increasing and finite, at least one.
    package let upperBounds: [Double]

    /// Refuses, with `nil`, bounds that are none, not finite or not strictly increasing.
    package init?(_ upperBounds: [Double]) {
        guard !upperBounds.isEmpty, upperBounds.allSatisfy(\.isFinite),
            zip(upperBounds, upperBounds.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.upperBounds = upperBounds
    }

    private init(checked upperBounds: [Double]) {
        self.upperBounds = upperBounds
    }

    /// Durations of whole operations, in seconds.
    package static let durations = Self(checked: [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 4, 5, 7.5, 10,
        30, 60,
    ])

    /// Phases of one exchange, in seconds.
    package static let phases = Self(checked: [0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 1, 5])

    /// Gaps between tokens, in seconds.
    package static let interToken = Self(checked: [
        0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 1, 2.5,
    ])

    /// The same bounds and the target of `objective`, so that the share of observations within it has no bucket error.
    package func including(_ objective: Objective) -> Self {
        let target = objective.target.seconds
        guard !upperBounds.contains(target) else { return self }
        return Self(checked: (upperBounds + [target]).sorted())
    }

    /// The index of the bucket that `value` falls in: the first whose bound is not below it, or the number of bounds for
    /// +Inf and NaN.
    package func index(of value: Double) -> Int {
        var low = 0
        var high = upperBounds.count
        while low < high {
            let middle = (low + high) / 2
            if value <= upperBounds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
