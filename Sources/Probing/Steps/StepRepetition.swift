import BenchmarkModel
import ExporterConfiguration
import NIOCore

/// Decides, without I/O, whether a request is asked again until its answer is as expected.
///
/// Only an answer that is not yet the right one, a 4xx such as 404 among them, is waited for to change. Any other failure
/// is the end.
struct StepRepetition {
    enum Action: Hashable {
        case end(IterationOutcome)
        case again(after: TimeAmount)
    }

    let deadline: NIODeadline
    private let pause: TimeAmount
    private let startedAt: NIODeadline
    private var mismatch: IterationFailure?

    /// The repetition that begins at `startedAt`, in an iteration with `deadline`.
    init(_ definition: RepetitionDefinition, startedAt: NIODeadline, deadline: NIODeadline) {
        self.startedAt = startedAt
        self.deadline = min(deadline, startedAt + .nanoseconds(definition.deadline.nanoseconds))
        pause = .nanoseconds(definition.pause.nanoseconds)
    }

    /// Takes what the request came to, which was known at `now`.
    mutating func receive(_ outcome: IterationOutcome, at now: NIODeadline) -> Action {
        guard let failure = outcome.failure else { return .end(outcome) }
        if [.validation, .http4xx].contains(failure.reason) {
            mismatch = failure
            if now + pause < deadline { return .again(after: pause) }
        }
        // A request that the deadline cut off was one too many, and the answers before it say what was wrong.
        guard let mismatch, failure.reason == .timeout || failure == mismatch else { return .end(outcome) }
        var end = outcome
        end.duration = now.duration(since: startedAt)
        end.endedAt = now.uptime
        let waited = (end.duration.seconds * 100).rounded() / 100
        end.failure = IterationFailure(.validation, "not as expected within \(waited) s: \(mismatch.detail)")
        return .end(end)
    }
}
