import BenchmarkModel
import ExporterConfiguration
import Testing

@testable import Probing

@Suite("The outcome of a sequence")
struct StepSequenceTests {
    private func steps(_ operations: String?...) -> [StepDefinition] {
        operations.enumerated().map { .test("s\($0)", .request("GET", "/", port: 1), operation: $1) }
    }

    /// An outcome that ended so many milliseconds after some beginning.
    private func outcome(_ duration: Int, at end: Int, _ failure: FailureReason? = nil) -> IterationOutcome {
        IterationOutcome(
            duration: .milliseconds(duration),
            phases: [.wait: .milliseconds(duration)],
            failure: failure.map { IterationFailure($0, "why") },
            endedAt: .milliseconds(end)
        )
    }

    @Test("the whole is from the first byte of the first step to the last byte of the last")
    func span() {
        var sequence = StepSequence(steps(nil, nil))
        #expect(sequence.next == 0)
        sequence.add(outcome(10, at: 110))
        #expect(sequence.next == 1)
        sequence.add(outcome(20, at: 135))
        #expect(sequence.next == nil)
        #expect(
            sequence.outcome
                == IterationOutcome(
                    duration: .milliseconds(35),
                    phases: [.wait: .milliseconds(30)],
                    endedAt: .milliseconds(135)
                )
        )
    }

    @Test("each measured step has its own outcome, in order")
    func operations() {
        var sequence = StepSequence(steps("a", nil, "b"))
        let outcomes = [outcome(1, at: 1), outcome(2, at: 3), outcome(3, at: 6)]
        for outcome in outcomes { sequence.add(outcome) }
        #expect(sequence.outcome.operations == [outcomes[0], outcomes[2]])
        #expect(sequence.outcome.failure == nil)
    }

    @Test("what was not reached failed for the reason of the step that failed", arguments: FailureReason.allCases)
    func propagation(reason: FailureReason) {
        var sequence = StepSequence(steps("a", "b", nil, "c"))
        sequence.add(outcome(1, at: 1))
        sequence.add(outcome(2, at: 3, reason))
        #expect(sequence.next == nil)
        let failure = IterationFailure(reason, "step 's1' failed: why")
        #expect(sequence.outcome.failure == failure)
        #expect(
            sequence.outcome.operations
                == [
                    outcome(1, at: 1), outcome(2, at: 3, reason),
                    IterationOutcome(duration: .milliseconds(2), failure: failure, endedAt: .milliseconds(3)),
                ]
        )
    }

    @Test("the visibility lag is from the end of the last step that does not wait to the end of the one that does")
    func visibility() {
        let repetition = RepetitionDefinition(deadline: .seconds(1), pause: .milliseconds(1))
        let request = ProbeDefinition.request("GET", "/", port: 1)
        var sequence = StepSequence([
            .test("write", request), .test("read", request, operation: "a", repetition: repetition),
            .test("read", request, operation: "b", repetition: repetition),
            .test("fail", request, operation: "c", repetition: repetition),
        ])
        sequence.add(outcome(5, at: 100))
        sequence.add(outcome(5, at: 130))
        sequence.add(outcome(5, at: 150))
        sequence.add(outcome(5, at: 170, .validation))
        #expect(sequence.outcome.operations.map(\.visibilityLag) == [.milliseconds(30), .milliseconds(50), nil])
        #expect(sequence.outcome.operations[0].duration == .milliseconds(5))
    }
}
