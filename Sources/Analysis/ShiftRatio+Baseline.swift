package import BenchmarkModel
import Glibc

extension ShiftRatio {
    /// The factor from a baseline to the successes of one run; `nil` without one.
    ///
    /// `confidence` is that of both limits together, within 0..<1. The limits are those of the rank-sum test as long as it has
    /// any. A run that has too few values for that, or shares too much of their variance, may still be far beyond all that
    /// the baseline has: how far is then weighed as of a normal distribution of logarithms.
    package init?(of run: [Double], to level: BaselineLevel, confidence: Double) {
        guard !run.isEmpty, !level.values.isEmpty else { return nil }
        let values = level.values.sorted()
        let deviation = level.deviation(ofRunOf: run.count)
        let half = Self.halfWidth(values.count, run.count, deviation: deviation, confidence: confidence)
        self.init(of: run, to: values, deviation: deviation, confidence: confidence)
        guard half >= Double(run.count * values.count) / 2 else { return }
        let relative =
            deviation * deviation / Double(run.count) + level.deviation * level.deviation / Double(values.count)
        let distance =
            NormalDistribution.quantile((1 + confidence) / 2) * level.logarithmicDeviation * relative.squareRoot()
        lower = ratio * exp(-distance)
        upper = ratio * exp(distance)
    }
}

extension BaselineLevel {
    /// How much more runs of so many successes differ than independent iterations would, at least as much as those of the level.
    ///
    /// Iterations of one run share a part ρ of their variance, which more of them do not average away:
    /// s² = 1 + (m − 1) ρ. (Kish, "Survey Sampling", section 5.4: the design effect of clusters.)
    func deviation(ofRunOf successes: Int) -> Double {
        let usual = Double(self.successes) / Double(max(1, runs))
        let square = deviation * deviation
        let shared = (square - 1) / max(1, usual - 1)
        return (square + max(0, Double(successes) - usual) * shared).squareRoot()
    }

    /// The standard deviation of the logarithms of its values.
    fileprivate var logarithmicDeviation: Double {
        let logarithms = values.map { log(max($0, ShiftRatio.shortest)) }
        let count = Double(logarithms.count)
        let mean = logarithms.reduce(0, +) / count
        return (logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
}
