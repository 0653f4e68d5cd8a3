import BenchmarkModel

// HOW A RUN IS COMPARED WITH THE BASELINE
//
// Not by its latencies but by their ranks among the baseline's: one answer that took a minute says no more than one
// that took longer than all, so the tails of latency distributions do no harm, and the chance of a false alarm is the
// same whatever the distribution is. A rank becomes a normal score, and the mean of a run's scores, times the root of
// their number, would be a standard normal variable if iterations were independent. They are not: a run that
// meets a busy moment is slow as a whole. The long-run deviation of the baseline's own run scores says by how much, and
// divides.

extension BaselineRun {
    /// A run of which all `successes` (ascending, at least one) are kept, or ten that stand for as many equal parts.
    init(completedAt: Double, successes: [Double], failures: Int) {
        let kept = min(successes.count, BaselineState.Limit.values)
        let values = (0..<kept).map { part in
            // The middle of the part, in halves of a rank: between two values where the part has an even number.
            let (index, remainder) = ((2 * part + 1) * successes.count).quotientAndRemainder(dividingBy: 2 * kept)
            return remainder > 0 ? successes[index] : (successes[index - 1] + successes[index]) / 2
        }
        self.init(completedAt: completedAt, values: values, successes: successes.count, failures: failures)
    }
}

extension BaselineLevel {
    /// The run score Z = √m · mean(z) / s: standard normal for a run like the baseline's, greater for a slower one.
    func score(of run: BaselineRun) -> Double {
        Self.score(of: run, among: values) / deviation
    }

    /// The score of a run among ascending values, before it is divided by the deviation of such scores.
    static func score(of run: BaselineRun, among values: [Double]) -> Double {
        let sum = run.values.reduce(0) { $0 + normalScore(of: $1, among: values) }
        return Double(run.successes).squareRoot() * sum / Double(run.values.count)
    }

    /// z = Φ⁻¹(u) with the midrank u = (#less + ½ · #equal + ½) / (N + 1), so that ties are neither fast nor slow.
    private static func normalScore(of value: Double, among values: [Double]) -> Double {
        let less = values.count(while: { $0 < value })
        let notGreater = values.count(while: { $0 <= value })
        return NormalDistribution.quantile((Double(less + notGreater) / 2 + 0.5) / Double(values.count + 1))
    }
}

extension [Double] {
    /// How many of the elements come before the first for which `holds` does not, as for none after it.
    fileprivate func count(while holds: (Double) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
