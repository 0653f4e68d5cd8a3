import Analysis
import BenchmarkModel

/// What has become of one baseline that an operator changed: a part of the API's answer, which commands read again.
struct ChangedBaseline: Hashable, Sendable, Codable {
    enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// The present level is the baseline.
        case accepted
        /// There is none until the runs that count are enough and hold still.
        case learning
        /// It was still being learnt, so that there was nothing to replace.
        case unchanged
    }

    var benchmark: String
    var operation: String
    var target: String
    /// When the part of the day begins that the baseline is of, such as `06:00Z`; `nil` for the whole day.
    var part: String?
    var outcome: Outcome
    /// How much of a baseline has been learnt.
    var learntRatio: Double
}

extension BenchmarkState {
    /// What has become of its baselines, which were `earlier`.
    func changedBaselines(from earlier: [BenchmarkIdentity: DailyBaseline]) -> [ChangedBaseline] {
        operations.flatMap { operation in
            let identity = operation.identity
            let before = earlier[identity] ?? DailyBaseline(fingerprint: "")
            let after = operation.baseline ?? before
            return zip(before.parts, after.parts).enumerated().map { index, part in
                ChangedBaseline(
                    benchmark: identity.benchmark,
                    operation: identity.operation,
                    target: identity.target,
                    part: after.parts.count > 1 ? HistoryText.timeOfDay(after.span(of: index).lowerBound) : nil,
                    outcome: part.1.level != nil ? .accepted : part.1 == part.0 ? .unchanged : .learning,
                    learntRatio: RegressionDetector.finding(of: part.1).learnt
                )
            }
        }
    }
}
