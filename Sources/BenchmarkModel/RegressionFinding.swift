/// Where a benchmark stands against its baseline.
package enum RegressionState: String, Hashable, Sendable, Codable, CaseIterable {
    /// There is no baseline yet.
    case learning
    case stable, degraded, improved
}

/// What is known of a benchmark after a run: whether it is worse, since when, and by how much.
package struct RegressionFinding: Hashable, Sendable {
    package var state: RegressionState
    /// Which way latency has changed; `nil` at the level of the baseline.
    package var latency: ChangeDirection?
    /// Which way the share of failures has changed; `nil` at the level of the baseline.
    package var failures: ChangeDirection?
    /// When the first of the present changes began, in seconds since 1970; `nil` without one.
    package var changedAt: Double?
    /// Latency since the change, or of the last ten runs without one, against the baseline; `nil` while learning.
    package var shift: ShiftRatio?
    /// How latency has moved over the last runs; `nil` before there are 48.
    package var trend: LatencyTrend?
    /// How much of a baseline has been learnt, 0...1.
    ///
    /// At 1 and still learning, the runs were too restless to be a baseline.
    package var learnt: Double
    /// The figures of the baseline; `nil` while learning.
    package var baseline: LatencyStatistics?
    /// The number of successes that the baseline was learnt from, or that have been learnt from so far.
    package var baselineSamples: Int

    package init(
        state: RegressionState,
        latency: ChangeDirection?,
        failures: ChangeDirection?,
        changedAt: Double?,
        shift: ShiftRatio?,
        trend: LatencyTrend?,
        learnt: Double,
        baseline: LatencyStatistics?,
        baselineSamples: Int
    ) {
        self.state = state
        self.latency = latency
        self.failures = failures
        self.changedAt = changedAt
        self.shift = shift
        self.trend = trend
        self.learnt = learnt
        self.baseline = baseline
        self.baselineSamples = baselineSamples
    }
}

extension RegressionFinding {
    /// The finding as the history keeps it: the figures of the baseline are the same for many runs.
    package var withoutBaseline: Self {
        var finding = self
        finding.baseline = nil
        return finding
    }
}

extension RegressionFinding: Codable {
    private enum CodingKeys: String, CodingKey {
        case state, latency, failures, shift, trend, learnt, baseline
        case changedAt = "changed_at"
        case baselineSamples = "baseline_samples"
    }
}

/// By what factor latency differs from the baseline, 1.25 for a quarter more, with 95 % confidence limits.
package struct ShiftRatio: Hashable, Sendable, Codable {
    package var ratio: Double
    package var lower: Double
    package var upper: Double

    package init(ratio: Double, lower: Double, upper: Double) {
        self.ratio = ratio
        self.lower = lower
        self.upper = upper
    }
}

/// How the medians of the last runs have moved.
package struct LatencyTrend: Hashable, Sendable {
    /// Per hour, relative to the median of the medians: 0.01 is one per cent an hour.
    package var slopeRatioPerHour: Double
    /// The probability of such an order of the medians without a trend, 0...1.
    package var probability: Double

    package init(slopeRatioPerHour: Double, probability: Double) {
        self.slopeRatioPerHour = slopeRatioPerHour
        self.probability = probability
    }

    /// Whether the trend is more than luck, at 1 %.
    package var isSignificant: Bool { probability < 0.01 }
}

extension LatencyTrend: Codable {
    private enum CodingKeys: String, CodingKey {
        case slopeRatioPerHour = "slope_ratio_per_hour"
        case probability
    }
}
