/// Percentiles by nearest rank: `sorted[ceil(p·n) − 1]`, a value that was really measured.
package enum NearestRank {
    /// The percentile of ascending values, of which there must be at least one; `percent` is 1...100.
    ///
    /// The rank is computed in whole numbers, as `0.07 · 100` in binary floating point is greater than 7.
    package static func percentile(_ percent: Int, ofSorted values: [Double]) -> Double {
        values[max(1, (percent * values.count + 99) / 100) - 1]
    }
}
