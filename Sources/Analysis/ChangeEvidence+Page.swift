import BenchmarkModel
import Glibc

// HOW EVIDENCE ADDS UP
//
// Page, "Continuous inspection schemes", Biometrika 41 (1954): each run adds the logarithm of a likelihood ratio, and
// the sum starts anew where it would be negative. Without a change a sum of h comes at most once in e^h runs (Lorden,
// Annals of Mathematical Statistics 42, 1971): 10 nats are one in 22,000. For a shift of run scores by 1, the
// logarithm is Z − ½: the chart with k = ½ and h = 10. Failures and the end of a change are weighed in the same unit.

extension ChangeEvidence {
    /// The evidence, in nats, that makes a change.
    static let limit = 10.0
    /// The most that one run adds: a single odd run is no change, however odd it is.
    static let largestStep = limit / 2

    var isConclusive: Bool { nats >= Self.limit }

    /// Adds one run's evidence; `total` and `observations` are what was observed in it.
    mutating func add(_ evidence: Double, at completedAt: Double, total: Double, observations: Int) {
        let sum = min(Self.limit, nats + min(evidence, Self.largestStep))
        guard sum > 0 else {
            self = ChangeEvidence()
            return
        }
        nats = sum
        startedAt = startedAt ?? completedAt
        self.total += total
        self.observations = min(BaselineState.Limit.count, self.observations + observations)
    }
}

/// The evidence for a shift of run scores, which are standard normal at the level of the baseline.
enum ScoreEvidence {
    /// For a mean of `shift` (above 0) against a mean of 0.
    static func of(shift: Double, score: Double) -> Double {
        shift * (score - shift / 2)
    }
}

/// The evidence for another share of failures, from independent iterations.
///
/// Reynolds and Stoumbos, "A CUSUM chart for monitoring a proportion when inspecting continuously", Journal of Quality
/// Technology 31 (1999).
struct FailureEvidence {
    /// The share at the level of the baseline: the upper 95 % bound, so that a lucky baseline makes no alarms.
    let usual: Double
    /// The smallest share that is worth an alarm.
    let worse: Double

    /// Twice the usual share and 5 % more, at most half way to all.
    init(level: BaselineLevel) {
        usual = min(0.99, RatioBounds(level.failures, of: level.failures + level.successes).upper)
        worse = min(2 * usual + 0.05, (1 + usual) / 2)
    }

    /// For `share` against the usual one, both within 0..<1, exclusively.
    func of(share: Double, failures: Int, successes: Int) -> Double {
        Double(failures) * log(share / usual) + Double(successes) * log((1 - share) / (1 - usual))
    }
}
