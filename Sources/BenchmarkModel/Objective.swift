/// What an objective looks at in an iteration.
package enum ObjectiveMetric: String, Hashable, Sendable, Codable, CaseIterable {
    /// From just before the first byte of the request to the last byte of the answer.
    case duration
    /// From the intended start to the last byte of the answer; in open loop only.
    case response
    /// To the first token of a streamed answer.
    case timeToFirstToken = "time_to_first_token"
}

/// The figure of a run that is held against the target.
package enum ObjectiveStatistic: String, Hashable, Sendable, Codable, CaseIterable {
    case mean, p50, p95, p99

    /// The percentile as a whole number of hundredths; `nil` for the mean.
    package var percent: Int? {
        switch self {
        case .mean: nil
        case .p50: 50
        case .p95: 95
        case .p99: 99
        }
    }
}

/// The promise that a benchmark watches: a statistic of a metric within a target, and few enough failures.
package struct Objective: Hashable, Sendable {
    package var metric: ObjectiveMetric
    package var statistic: ObjectiveStatistic
    /// The longest value that is still within the objective; greater than zero.
    package var target: Duration
    /// The largest share of failed iterations that still passes, 0...1.
    package var errorRatio: Double

    package init(
        metric: ObjectiveMetric = .duration,
        statistic: ObjectiveStatistic = .p95,
        target: Duration = .milliseconds(300),
        errorRatio: Double = 0.01
    ) {
        self.metric = metric
        self.statistic = statistic
        self.target = target
        self.errorRatio = errorRatio
    }

    /// The share of iterations that may be slow or failed, 0...1: 1 − NN/100 for `pNN`, none for the mean.
    package var allowedBadRatio: Double {
        Double(100 - (statistic.percent ?? 100)) / 100
    }
}

extension Objective: Codable {
    private enum CodingKeys: String, CodingKey {
        case metric, statistic
        case target = "target_seconds"
        case errorRatio = "error_ratio"
    }

    /// Reads a stored objective; a target that is not a positive number of seconds is a `DecodingError`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let seconds = try container.decode(Double.self, forKey: .target)
        guard seconds > 0, seconds < 1e9 else {
            throw DecodingError.dataCorruptedError(
                forKey: .target,
                in: container,
                debugDescription: "\(seconds) is not a positive number of seconds"
            )
        }
        self.init(
            metric: try container.decode(ObjectiveMetric.self, forKey: .metric),
            statistic: try container.decode(ObjectiveStatistic.self, forKey: .statistic),
            target: .nanoseconds(Int64((seconds * 1e9).rounded())),
            errorRatio: try container.decode(Double.self, forKey: .errorRatio)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric, forKey: .metric)
        try container.encode(statistic, forKey: .statistic)
        try container.encode(target.seconds, forKey: .target)
        try container.encode(errorRatio, forKey: .errorRatio)
    }
}
