/// Which way a benchmark differs from its baseline; the raw value is the label `direction`.
package enum ChangeDirection: String, Hashable, Sendable, Codable, CaseIterable {
    case degradation, improvement
}

/// What is known of a change in one respect, latency or failures: none yet, or one that lasts.
package struct ChangeWatch: Hashable, Sendable, Codable {
    /// The change that was detected; `nil` at the level of the baseline.
    package var change: DetectedChange?
    /// That it has become worse; of no meaning while a change lasts.
    package var rising = ChangeEvidence()
    /// That it has become better; of no meaning while a change lasts.
    package var falling = ChangeEvidence()
    /// That a change is over.
    package var returning = ChangeEvidence()

    package init() {}

    var defect: String? {
        if let defect = rising.defect ?? falling.defect ?? returning.defect { return defect }
        guard let change else { return nil }
        if !BaselineState.Limit.isTime(change.startedAt) { return "time \(change.startedAt) is not a time" }
        if !(0..<1e9).contains(change.size) { return "a change by \(change.size) is none" }
        let counts = 1...BaselineState.Limit.count
        return counts.contains(change.observations) ? nil : "a change has \(change.observations) observations"
    }
}

/// A change that was detected and is not over.
package struct DetectedChange: Hashable, Sendable {
    package var direction: ChangeDirection
    /// When the run ended with which it began, as far as evidence can tell; in seconds since 1970.
    package var startedAt: Double
    /// Its mean, not negative, from its beginning until it was detected.
    ///
    /// Of latency, the distance of run scores from 0; of failures, their share of the iterations.
    package var size: Double
    /// Since it began: runs with a success for latency, iterations for failures.
    package var observations: Int

    package init(direction: ChangeDirection, startedAt: Double, size: Double, observations: Int) {
        self.direction = direction
        self.startedAt = startedAt
        self.size = size
        self.observations = observations
    }
}

extension DetectedChange: Codable {
    private enum CodingKeys: String, CodingKey {
        case direction, size, observations
        case startedAt = "started_at"
    }
}

/// Cumulated evidence for one hypothesis against another, as Page's chart has it: it starts anew where it would be negative.
package struct ChangeEvidence: Hashable, Sendable {
    /// The logarithm of a likelihood ratio, not negative.
    package var nats = 0.0
    /// When the first run ended after evidence was last 0, in seconds since 1970; `nil` at 0.
    package var startedAt: Double?
    /// The sum of what was observed since then.
    package var total = 0.0
    /// The number of observations since then.
    package var observations = 0

    /// No evidence.
    package init() {}

    var defect: String? {
        typealias Limit = BaselineState.Limit
        if !(0..<1e9).contains(nats) { return "evidence of \(nats) is none" }
        if let startedAt, !Limit.isTime(startedAt) { return "time \(startedAt) is not a time" }
        if !(-1e15..<1e15).contains(total) { return "a sum of \(total) is beyond 1e15" }
        if (nats == 0) != (startedAt == nil) || nats == 0 && observations != 0 {
            return "its evidence began at no time"
        }
        let counts = nats == 0 ? 0...0 : 1...Limit.count
        return counts.contains(observations) ? nil : "evidence has \(observations) observations"
    }
}

extension ChangeEvidence: Codable {
    private enum CodingKeys: String, CodingKey {
        case nats, total, observations
        case startedAt = "started_at"
    }
}
