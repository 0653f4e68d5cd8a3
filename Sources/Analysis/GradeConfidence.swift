package import BenchmarkModel

/// Whether a run has enough iterations for its grade to be more than luck.
///
/// A percentile is within the target just when few enough iterations are slow or failed, so the order-statistic bound
/// of the percentile is the tail of a binomial distribution: David and Nagaraja, "Order Statistics", section 7.1.
/// Supporting a P95 at 95 % takes 59 good iterations out of 59, as 0.95^59 < 0.05 < 0.95^58.
package enum GradeConfidence {
    /// The probability of being wrong that a confident grade may have.
    private static let risk = 0.05

    /// Whether the grade of `statistics` is supported at 95 %; `nil` for an objective on the mean, which has no such bound.
    package static func isConfident(_ statistics: RunStatistics, in objective: Objective) -> Bool? {
        guard objective.statistic.percent != nil else { return nil }
        let samples = statistics.samples
        let failed = statistics.results[.failed] ?? 0
        let bad = failed + (statistics.results[.slow] ?? 0)
        let allowed = objective.allowedBadRatio
        return switch statistics.grade {
        case .pass: BinomialTail.atMost(bad, of: samples, ratio: allowed) <= risk
        case .fail:
            BinomialTail.atLeast(bad, of: samples, ratio: allowed) <= risk
                || BinomialTail.atLeast(failed, of: samples, ratio: objective.errorRatio) <= risk
        }
    }
}
