import BenchmarkModel
import ExporterConfiguration
import NIOCore
import Testing

@testable import Probing

@Suite("The repetition of a request")
struct StepRepetitionTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let mismatch = IterationOutcome(
        duration: .milliseconds(5),
        failure: IterationFailure(.validation, "GET /: the body is another")
    )

    private func repetition(deadline: Int = 2000, iteration: Int64 = 10_000) -> StepRepetition {
        StepRepetition(
            RepetitionDefinition(deadline: .milliseconds(deadline), pause: .milliseconds(10)),
            startedAt: start,
            deadline: start + .milliseconds(iteration)
        )
    }

    private func failure(_ reason: FailureReason) -> IterationOutcome {
        IterationOutcome(duration: .milliseconds(5), failure: IterationFailure(reason, "why"))
    }

    @Test("a success ends it, as the success that it is")
    func success() {
        var repetition = repetition()
        let success = IterationOutcome(duration: .milliseconds(5))
        #expect(repetition.receive(mismatch, at: start) == .again(after: .milliseconds(10)))
        #expect(repetition.receive(success, at: start + .milliseconds(20)) == .end(success))
    }

    @Test("only an answer that is not the right one is asked for again", arguments: FailureReason.allCases)
    func reasons(reason: FailureReason) {
        var repetition = repetition()
        let isRepeated = reason == .validation || reason == .http4xx
        #expect(
            repetition.receive(failure(reason), at: start)
                == (isRepeated ? .again(after: .milliseconds(10)) : .end(failure(reason)))
        )
    }

    @Test("at the deadline of the step, or of the iteration, it says how long it waited", arguments: [true, false])
    func deadline(ofStep: Bool) {
        var repetition = ofStep ? repetition() : repetition(deadline: 60_000, iteration: 2000)
        #expect(repetition.deadline == start + .milliseconds(2000))
        #expect(repetition.receive(mismatch, at: start + .milliseconds(1980)) == .again(after: .milliseconds(10)))
        var end = mismatch
        end.duration = .milliseconds(1994)
        end.endedAt = .milliseconds(2994)
        end.failure = IterationFailure(.validation, "not as expected within 1.99 s: GET /: the body is another")
        #expect(repetition.receive(mismatch, at: start + .milliseconds(1994)) == .end(end))
    }

    @Test("a request that the deadline cut off says what the answers before it said, or that it timed out")
    func cutOff() {
        var repetition = repetition()
        #expect(repetition.receive(failure(.timeout), at: start + .seconds(2)) == .end(failure(.timeout)))
        _ = repetition.receive(mismatch, at: start + .milliseconds(1000))
        guard case .end(let outcome) = repetition.receive(failure(.timeout), at: start + .seconds(2)) else {
            Issue.record("it goes on")
            return
        }
        #expect(
            outcome.failure
                == IterationFailure(.validation, "not as expected within 2.0 s: GET /: the body is another")
        )
    }
}
