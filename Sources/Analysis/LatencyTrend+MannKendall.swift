package import BenchmarkModel
import Glibc

extension LatencyTrend {
    /// The number of medians without which no trend is claimed.
    static let leastMedians = 48

    /// The trend of medians, oldest first; `nil` for fewer than 48.
    ///
    /// Mann, Econometrica 13 (1945), and Kendall, "Rank Correlation Methods", for whether there is one, with the variance of Hamed
    /// and Rao, "A modified Mann–Kendall trend test for autocorrelated data", Journal of Hydrology 204 (1998); Theil
    /// (1950) and Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63 (1968), for its slope.
    package init?(of medians: [RunMedian]) {
        guard medians.count >= Self.leastMedians else { return nil }
        let values = medians.map(\.seconds)
        let level = NearestRank.percentile(50, ofSorted: values.sorted())
        let relative = Self.slope(of: medians) * 3600 / level
        self.init(
            slopeRatioPerHour: relative.isFinite ? relative : 0,
            probability: Self.probability(of: values)
        )
    }

    /// Whether values that are in order of time have a trend, at 1 %.
    static func isTrend(_ values: [Double]) -> Bool {
        LatencyTrend(slopeRatioPerHour: 0, probability: probability(of: values)).isSignificant
    }

    /// The median of the slopes between all pairs, per second; pairs at the same time have none.
    private static func slope(of medians: [RunMedian]) -> Double {
        var slopes: [Double] = []
        slopes.reserveCapacity(medians.count * medians.count / 2)
        for (index, later) in medians.enumerated() {
            for earlier in medians[..<index] where later.completedAt > earlier.completedAt {
                slopes.append((later.seconds - earlier.seconds) / (later.completedAt - earlier.completedAt))
            }
        }
        return slopes.isEmpty ? 0 : NearestRank.percentile(50, ofSorted: slopes.sorted())
    }

    private static func probability(of values: [Double]) -> Double {
        let count = Double(values.count)
        var concordance = 0.0
        for (index, later) in values.enumerated() {
            for earlier in values[..<index] where earlier != later { concordance += later > earlier ? 1 : -1 }
        }
        let ties = Dictionary(grouping: values) { $0 }.values.map { Double($0.count) }
        func term(_ size: Double) -> Double { size * (size - 1) * (2 * size + 5) }
        let variance = (term(count) - ties.reduce(0) { $0 + term($1) }) / 18 * correction(for: values)
        guard variance > 0, concordance != 0 else { return 1 }
        let score = (abs(concordance) - 1) / variance.squareRoot()
        return 2 * NormalDistribution.cumulative(-score)
    }

    /// By how much autocorrelation widens the variance, at least 1: from the ranks of what remains without the trend.
    private static func correction(for values: [Double]) -> Double {
        let count = values.count
        let steps = values.enumerated().map { RunMedian(completedAt: Double($0), seconds: $1) }
        let slope = slope(of: steps)
        let ranks = midranks(of: values.enumerated().map { $1 - slope * Double($0) })
        let mean = Double(count + 1) / 2
        let centred = ranks.map { $0 - mean }
        let variance = centred.reduce(0) { $0 + $1 * $1 }
        guard variance > 0 else { return 1 }
        let length = Double(count)
        let significant = NormalDistribution.quantile(0.95) / length.squareRoot()
        var sum = 0.0
        for lag in 1..<max(2, count - 2) {
            let correlation = zip(centred.dropFirst(lag), centred).reduce(0) { $0 + $1.0 * $1.1 } / variance
            guard abs(correlation) > significant else { continue }
            let rest = length - Double(lag)
            sum += rest * (rest - 1) * (rest - 2) * correlation
        }
        return max(1, 1 + 2 * sum / (length * (length - 1) * (length - 2)))
    }

    /// The place of each value in order, from 1; equal ones share the mean of theirs.
    private static func midranks(of values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = Array(repeating: 0.0, count: values.count)
        var start = 0
        while start < order.count {
            let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}
