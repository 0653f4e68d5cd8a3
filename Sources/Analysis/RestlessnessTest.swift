/// Whether a series moves: a step or a drift in it, told from the swings of a series that keeps its level.
///
/// Shao and Zhang, "Testing for change points in time series", JASA 105 (2010). The test divides by the series' own
/// wandering to either side of each possible step, and so needs no estimate of its autocorrelation, which the step itself
/// would spoil: with 40 runs, a baseline that doubles half way passes a test that divides by the Newey–West deviation.
enum RestlessnessTest {
    /// What a series that keeps its level exceeds in one case of twenty: table 1 of the paper.
    static let criticalValue = 40.1

    /// Whether the level of `values` moves, at 5 %; a constant series does not.
    static func isRestless(_ values: [Double]) -> Bool {
        statistic(of: values) > criticalValue
    }

    /// The greatest ratio over all possible steps; 0 of a constant series, infinite for a step without noise.
    static func statistic(of values: [Double]) -> Double {
        let count = values.count
        let sums = values.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + $1) }
        let total = sums[count]
        var greatest = 0.0
        for step in stride(from: 1, to: count, by: 1) {
            let before = sums[step]
            let after = total - before
            let distance = before - total * Double(step) / Double(count)
            var wandering = 0.0
            for index in 1...step {
                let bridge = sums[index] - before * Double(index) / Double(step)
                wandering += bridge * bridge
            }
            for index in step..<count {
                let rest = Double(count - index) / Double(count - step)
                let bridge = total - sums[index] - after * rest
                wandering += bridge * bridge
            }
            // A sum that is 0 but for rounding is no distance.
            guard abs(distance) > 1e-9 * Double(count) else { continue }
            greatest = max(greatest, distance * distance * Double(count) / wandering)
        }
        return greatest
    }
}
