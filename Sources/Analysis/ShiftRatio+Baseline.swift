package import BenchmarkModel
import Glibc

extension ShiftRatio {
    /// Whether it is large enough to matter, one way or the other.
    package var isLarge: Bool { max(ratio, 1 / ratio) >= RegressionDetector.leastRatio }

    /// The factor from a baseline to the successes of one run; `nil` without one.
    ///
    /// `confidence` is that of both limits together, within 0..<1. The limits are those of the rank-sum test as long as it has
    /// any. A run that has too few values for that, or shares too much of their variance, may still be far beyond all that
    /// the baseline has: how far is then weighed as of a normal distribution of logarithms. The deviation is an estimate from
    /// the runs of the baseline, so that where it widens anything, Student's distribution takes the place of the normal one.
    package init?(of run: [Double], to level: BaselineLevel, confidence: Double) {
        guard !run.isEmpty, !level.values.isEmpty else { return nil }
        let values = level.values.sorted()
        let deviation = level.deviation(ofRunOf: run.count)
        let deviate = level.deviate(confidence)
        let half = Self.halfWidth(values.count, run.count, deviation: deviation, deviate: deviate)
        self.init(of: run, to: values, deviation: deviation, deviate: deviate)
        guard half >= Double(run.count * values.count) / 2 else { return }
        let relative =
            deviation * deviation / Double(run.count) + level.deviation * level.deviation / Double(values.count)
        let distance = deviate * level.logarithmicDeviation * relative.squareRoot()
        lower = ratio * exp(-distance)
        upper = ratio * exp(distance)
    }
}

extension BaselineState {
    /// The level with the deviation of single runs, as far as the last runs show it, in the place of the long-run one.
    ///
    /// That one is of many runs together: where runs resemble those before them, it is greater, and of as many runs it is a
    /// worse estimate. While a change lasts, the last runs say nothing about the level.
    package var levelForOneRun: BaselineLevel? {
        guard var level, latency.change == nil, runs.count >= RegressionDetector.baselineRuns else { return level }
        let scores = runs.map { BaselineLevel.score(of: $0, among: level.values) }
        let count = Double(scores.count)
        let mean = scores.reduce(0, +) / count
        let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        level.deviation = max(1, variance.squareRoot())
        return level
    }
}

extension BaselineLevel {
    /// How much more runs of so many successes, at least one, differ than independent iterations would.
    ///
    /// Iterations of one run share a part ρ of their variance, which more of them do not average away:
    /// s² = 1 + (m − 1) ρ, at most m, as the mean of a run differs no more than single values do. (Kish, "Survey Sampling",
    /// section 5.4: the design effect of clusters.)
    func deviation(ofRunOf successes: Int) -> Double {
        let usual = Double(self.successes) / Double(max(1, runs))
        let square = deviation * deviation
        let shared = (square - 1) / max(1, usual - 1)
        return min(square + max(0, Double(successes) - usual) * shared, Double(successes)).squareRoot()
    }

    /// How many deviations the limits at `confidence` are away, as the deviation is an estimate from its runs.
    fileprivate func deviate(_ confidence: Double) -> Double {
        let probability = (1 + confidence) / 2
        guard deviation > 1 else { return NormalDistribution.quantile(probability) }
        return StudentDistribution.quantile(probability, degreesOfFreedom: runs - 1)
    }

    /// The standard deviation of the logarithms of its values.
    fileprivate var logarithmicDeviation: Double {
        let logarithms = values.map { log(max($0, ShiftRatio.shortest)) }
        let count = Double(logarithms.count)
        let mean = logarithms.reduce(0, +) / count
        return (logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
}
