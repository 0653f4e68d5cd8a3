import BenchmarkModel
import ExporterConfiguration

/// What has become of the steps of one iteration, without I/O: their outcomes go in, one after the other, and that of the
/// iteration comes out.
///
/// Every measured step has exactly one outcome in every iteration: one that was not reached failed for the reason of the
/// step that ended the sequence, so that a dying service never looks faster.
struct StepSequence {
    private let steps: [StepDefinition]
    private var outcomes: [IterationOutcome] = []
    /// When the last step ended that waits for nothing to appear.
    private var writtenAt: Duration?

    init(_ steps: [StepDefinition]) {
        self.steps = steps
    }

    /// The step to ask next; `nil` where the sequence is over.
    var next: Int? {
        hasEnded || outcomes.count == steps.count ? nil : outcomes.count
    }

    /// Whether a step failed without which the others make no sense.
    private var hasEnded: Bool {
        guard outcomes.last?.failure != nil else { return false }
        return !steps[outcomes.count - 1].continuesOnFailure
    }

    /// Takes the outcome of the next step.
    mutating func add(_ outcome: IterationOutcome) {
        var outcome = outcome
        if steps[outcomes.count].repetition == nil {
            writtenAt = outcome.endedAt
        } else if outcome.failure == nil, let writtenAt, let readAt = outcome.endedAt {
            outcome.visibilityLag = max(.zero, readAt - writtenAt)
        }
        outcomes.append(outcome)
    }

    /// The iteration as a whole, and where steps are measured what each of them came to.
    var outcome: IterationOutcome {
        let last = outcomes.indices.last
        return IterationOutcome(
            duration: span,
            phases: outcomes.reduce(into: [:]) { $0.merge($1.phases, uniquingKeysWith: +) },
            failure: failure(at: outcomes.firstIndex { $0.failure != nil }),
            endedAt: outcomes.last?.endedAt,
            operations: steps.indices.filter { steps[$0].measure != nil }.map { index in
                guard index >= outcomes.count else { return outcomes[index] }
                return IterationOutcome(
                    duration: outcomes.last?.duration ?? .zero,
                    failure: failure(at: last),
                    endedAt: outcomes.last?.endedAt
                )
            }
        )
    }

    /// From the first byte of the first request to the last byte of the last answer.
    private var span: Duration {
        guard let first = outcomes.first, let startedAt = first.endedAt.map({ $0 - first.duration }),
            let endedAt = outcomes.last?.endedAt
        else { return outcomes.map(\.duration).reduce(.zero, +) }
        return endedAt - startedAt
    }

    private func failure(at index: Int?) -> IterationFailure? {
        guard let index, let failure = outcomes[index].failure else { return nil }
        return IterationFailure(failure.reason, "step '\(steps[index].name)' failed: \(failure.detail)")
    }
}
