package import BenchmarkModel
import Glibc

extension ShiftRatio {
    /// Shorter latencies count as this one, a nanosecond: there is no ratio to none.
    static let shortest = 1e-9
    /// Of logarithms of ratios.
    private static let precision = 1e-12

    /// The factor from the ascending `values` of a baseline to later ones, of which there is at least one each.
    ///
    /// The median of all ratios of a later to an earlier value, which is the Hodges–Lehmann estimate on logarithms, with
    /// the limits of the rank-sum test: Hollander and Wolfe, "Nonparametric Statistical Methods", section 4.3. `deviation`
    /// (at least 1) widens them as it does the scores of runs, as values of one run are not independent.
    package init(of later: [Double], to values: [Double], deviation: Double = 1, confidence: Double = 0.95) {
        let deviate = NormalDistribution.quantile((1 + confidence) / 2)
        self.init(of: later, to: values, deviation: deviation, deviate: deviate)
    }

    /// The same with limits that are so many deviations away, `deviate`.
    init(of later: [Double], to values: [Double], deviation: Double, deviate: Double) {
        let before = values.map { log(max($0, Self.shortest)) }
        let after = later.map { log(max($0, Self.shortest)) }.sorted()
        let pairs = Double(before.count * after.count)
        let half = Self.halfWidth(before.count, after.count, deviation: deviation, deviate: deviate)
        func factor(at rank: Double) -> Double {
            exp(Self.difference(rank: min(max(rank, 0.5), pairs - 0.5), from: before, to: after))
        }
        self.init(
            ratio: factor(at: pairs / 2),
            lower: factor(at: pairs / 2 - half),
            upper: factor(at: pairs / 2 + half)
        )
    }

    /// How many ranks the limits are away from the middle of all ratios of so many values to so many.
    static func halfWidth(_ before: Int, _ after: Int, deviation: Double, deviate: Double) -> Double {
        deviate * (Double(before * after) * Double(before + after + 1) / 12).squareRoot() * deviation
    }

    /// The difference than which `rank` of all differences are smaller, by bisection.
    private static func difference(rank: Double, from before: [Double], to after: [Double]) -> Double {
        guard let first = before.first, let last = before.last, let low = after.first, let high = after.last else {
            return 0
        }
        var (below, above) = (low - last, high - first)
        while above - below > precision {
            let middle = below / 2 + above / 2
            var (index, count) = (0, 0)
            // Both ascend, so the values that are more than `middle` lower than a later one only become more.
            for value in after {
                while index < before.count, value - before[index] > middle { index += 1 }
                count += before.count - index
            }
            if Double(count) >= rank { above = middle } else { below = middle }
        }
        return above
    }
}
