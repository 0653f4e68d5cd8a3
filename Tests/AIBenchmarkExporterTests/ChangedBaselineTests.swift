import Analysis
import BenchmarkModel
import Testing

@testable import AIBenchmarkExporter

@Suite("what an operator is told of a changed baseline") struct ChangedBaselineTests {
    /// A state of so many equal runs of five iterations, and then of so many that took twice as long, in equal parts of the day.
    private static func state(runs: Int, slower: Int, parts: Int = 1) -> BenchmarkState {
        let identity = SampleRun.identity
        var baseline = DailyBaseline(fingerprint: "f", parts: parts)
        for run in 0..<runs + slower {
            let successes = Array(repeating: run < runs ? 0.1 : 0.2, count: 5)
            RegressionDetector.record(successes: successes, failures: 0, at: Double(run), in: &baseline[Double(run)])
        }
        var operation = OperationState(
            identity: identity,
            objective: SampleRun.objective,
            traits: OperationTraits(),
            createdAt: 0
        )
        operation.baseline = baseline
        return BenchmarkState(benchmark: identity.benchmark, operations: [operation], epoch: 1)
    }

    private static func text(_ change: BaselineChange, of state: BenchmarkState) -> String {
        let identity = SampleRun.identity
        guard let earlier = state.operation(identity)?.baseline else { return "" }
        var changed = state
        changed.operations[0].baseline = change.applied(to: earlier)
        return change.text(of: changed.changedBaselines(from: [identity: earlier]))
    }

    private static let hint = """
        What is learning has no baseline, and makes no alarm, until its level has lasted for 40 runs with 400 successes and holds still.
        """

    @Test(
        "accepting says whether there is a new baseline, whether it has begun to be learnt, or whether nothing was changed",
        arguments: [
            (10, 0, "was still learning, 12 %; unchanged"), (80, 0, "the present level is accepted"),
            (80, 40, "learning, 50 %\n\(hint)"), (80, 80, "the present level is accepted"),
        ]
    )
    func accept(runs: Int, slower: Int, outcome: String) {
        let text = Self.text(.accept, of: Self.state(runs: runs, slower: slower))
        #expect(text == "a get of assistant: \(outcome)")
    }

    @Test("resetting says the same of all", arguments: [0, 10, 80])
    func reset(runs: Int) {
        let text = Self.text(.reset, of: Self.state(runs: runs, slower: 0))
        #expect(text == "a get of assistant: the baseline is learnt anew")
    }

    @Test("each part of the day has a line, and a baseline that nothing was ever compared with has learnt nothing")
    func parts() {
        #expect(
            Self.text(.accept, of: Self.state(runs: 80, slower: 0, parts: 4)) == """
                a get of assistant from 00:00Z: the present level is accepted
                a get of assistant from 06:00Z: was still learning, 0 %; unchanged
                a get of assistant from 12:00Z: was still learning, 0 %; unchanged
                a get of assistant from 18:00Z: was still learning, 0 %; unchanged
                """
        )
        var state = Self.state(runs: 0, slower: 0)
        state.operations[0].baseline = nil
        let unchanged = state.changedBaselines(from: [:])
        #expect(BaselineChange.accept.text(of: unchanged) == "a get of assistant: was still learning, 0 %; unchanged")
    }
}
