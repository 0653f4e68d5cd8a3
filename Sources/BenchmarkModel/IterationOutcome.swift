/// The parts of an exchange, in the order in which they happen; the raw value is the label `phase`.
package enum ProbePhase: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Resolving the name.
    case dns
    /// From the first packet to an established connection.
    case connect
    case tls
    /// Writing the request.
    case request
    /// From the request written to the first byte of the answer.
    case wait
    /// From the first byte of the answer to the last.
    case transfer
}

/// What one execution of a probe measured.
///
/// A failed probe is an outcome too, not an error: the schedule goes on and the failure is counted.
package struct IterationOutcome: Hashable, Sendable {
    /// From just before the first byte of the request was written to the last byte of the answer.
    ///
    /// The connection is ready at that start; the connecting counts where the operation is a cold one. For a failure: to
    /// the moment it was known.
    package var duration: Duration
    /// The phases that took place; a pooled connection has neither `dns`, `connect` nor `tls`.
    package var phases: [ProbePhase: Duration]
    /// From the intended start to the last byte of the answer; `nil` outside of an open loop.
    package var responseTime: Duration?
    /// From the acknowledged write to the first answer that shows it; `nil` for requests that wait for nothing to appear.
    package var visibilityLag: Duration?
    /// What a language model's answer adds; `nil` for other probes.
    package var languageModel: LanguageModelMeasurement?
    /// `nil` for a success.
    package var failure: IterationFailure?
    /// The W3C trace id that the requests carried, 32 hexadecimal digits; `nil` where they carried none of the exporter's.
    package var traceID: String?
    /// When the last byte of the answer arrived, or the failure was known, by the monotonic clock; `nil` where the probe does
    /// not say.
    package var endedAt: Duration?
    /// What each measured step of a sequence came to, in the order of the benchmark's operations.
    ///
    /// Empty for a probe of one operation, and for an iteration that failed before its first step: it then stands for each.
    package var operations: [IterationOutcome]

    package init(
        duration: Duration,
        phases: [ProbePhase: Duration] = [:],
        responseTime: Duration? = nil,
        visibilityLag: Duration? = nil,
        languageModel: LanguageModelMeasurement? = nil,
        failure: IterationFailure? = nil,
        traceID: String? = nil,
        endedAt: Duration? = nil,
        operations: [IterationOutcome] = []
    ) {
        self.duration = duration
        self.phases = phases
        self.responseTime = responseTime
        self.visibilityLag = visibilityLag
        self.languageModel = languageModel
        self.failure = failure
        self.traceID = traceID
        self.endedAt = endedAt
        self.operations = operations
    }

    /// The value that an objective on `metric` judges; `nil` where the iteration has none.
    package func value(of metric: ObjectiveMetric) -> Duration? {
        switch metric {
        case .duration: duration
        case .response: responseTime
        case .timeToFirstToken: languageModel?.timeToFirstToken
        }
    }

    /// How the iteration counts against `objective`: a failure, or a success without the objective's metric, has failed.
    package func result(against objective: Objective) -> IterationResult {
        guard failure == nil, let value = value(of: objective.metric) else { return .failed }
        return value <= objective.target ? .good : .slow
    }
}

/// How an iteration counts against its objective; the raw value is the label `result`.
package enum IterationResult: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// A success within the objective.
    case good
    /// A success beyond it.
    case slow
    /// Anything else.
    case failed
}
