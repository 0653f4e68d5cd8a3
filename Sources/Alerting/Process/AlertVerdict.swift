import BenchmarkModel
import Foundation

/// What the condition of an alert says at one moment.
enum AlertVerdict: Hashable {
    /// It holds, for the reason that a sentence without its full stop gives.
    case holds(String)
    case clear
    /// There is nothing to judge by, so the alert stays as it is: no samples are no recovery.
    case unknown
}

/// The conditions, by the same definitions as those of the Prometheus rules.
extension AlertVerdict {
    /// Whether more iterations were bad than the objective allows; for one on the mean, whether the mean is beyond the target.
    static func p95Breach(_ totals: EvidenceTotals, _ objective: Objective, _ subject: AlertSubject) -> Self {
        guard objective.statistic != .mean else {
            let successes = totals.good + totals.slow
            guard successes > 0 else { return .unknown }
            let mean = totals.latencyTotal / successes
            guard mean > objective.target.seconds else { return .clear }
            return .holds("Answers to \(subject) take \(seconds(mean)) on average")
        }
        let bad = totals.slow + totals.failed
        return breach(bad, of: totals.iterations, allowing: objective.allowedBadRatio) { share in
            "\(percent(share)) of the answers to \(subject) are slow or failed"
        }
    }

    static func successRateLow(_ totals: EvidenceTotals, _ objective: Objective, _ subject: AlertSubject) -> Self {
        breach(totals.failed, of: totals.iterations, allowing: objective.errorRatio) { share in
            "\(percent(1 - share)) of the answers to \(subject) are right"
        }
    }

    static func runsMissed(_ totals: EvidenceTotals, _ subject: AlertSubject) -> Self {
        let slots = totals.runs + totals.lostSlots
        guard slots > 0 else { return .unknown }
        guard totals.lostSlots > 1.5, totals.lostSlots > 0.1 * slots else { return .clear }
        return .holds("\(percent(totals.lostSlots / slots)) of the runs of \(subject) did not take place")
    }

    static func measurementInvalid(_ totals: EvidenceTotals, _ subject: AlertSubject) -> Self {
        guard totals.runs > 0 else { return .unknown }
        let valid = 1 - totals.invalidRuns / totals.runs
        guard valid < 0.5 else { return .clear }
        return .holds("Only \(percent(valid)) of the runs of \(subject) can be trusted")
    }

    /// Whether a run is overdue, counted from the last one and, as nobody may have run any before,
    /// since it is watched.
    static func runStale(
        _ benchmark: WatchedBenchmark,
        _ signals: BenchmarkSignals,
        watchedSince: Double,
        now: Double,
        _ subject: AlertSubject
    ) -> Self {
        guard !signals.isPaused else { return .clear }
        let silence = now - (signals.lastCompletedAt ?? watchedSince)
        guard silence > benchmark.staleAfter else { return .clear }
        guard now - watchedSince > benchmark.staleAfter else { return .unknown }
        return .holds("No run of \(subject) has completed for \(seconds(silence))")
    }

    static func regression(_ signals: BenchmarkSignals, _ subject: AlertSubject) -> Self {
        switch signals.degradation {
        case nil: return .clear
        case .latency(let ratio): return .holds("\(subject) takes \(number(ratio)) times as long as its baseline")
        case .failures: return .holds("\(subject) fails more often than its baseline")
        }
    }

    static func trendDegrading(_ signals: BenchmarkSignals, _ subject: AlertSubject) -> Self {
        guard let slope = signals.slopePerHour, 24 * slope > 0.1 else { return .clear }
        return .holds("\(subject) becomes slower by \(percent(24 * slope)) a day")
    }

    private static func breach(
        _ bad: Double,
        of count: Double,
        allowing ratio: Double,
        reason: (Double) -> String
    ) -> Self {
        guard count > 0 else { return .unknown }
        return bad > BreachLimit.bad(of: count, allowing: ratio) ? .holds(reason(bad / count)) : .clear
    }

    private static func number(_ value: Double) -> String { String(format: "%.3g", value) }
    private static func percent(_ share: Double) -> String { number(100 * share) + "%" }

    private static func seconds(_ seconds: Double) -> String {
        seconds < 1 ? number(1000 * seconds) + "ms" : number(seconds) + "s"
    }
}
