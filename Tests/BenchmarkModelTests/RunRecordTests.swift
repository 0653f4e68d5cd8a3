import BenchmarkModel
import Testing

@Suite struct RunRecordTests {
    @Test("the summary names the slowest success and the last failure by their trace ids")
    func traces() {
        let summary = record([
            IterationOutcome(duration: .milliseconds(20), traceID: "a"),
            IterationOutcome(duration: .milliseconds(40), traceID: "b"),
            IterationOutcome(duration: .seconds(1), failure: IterationFailure(.timeout, "first"), traceID: "c"),
            IterationOutcome(duration: .seconds(1), failure: IterationFailure(.dns, "second"), traceID: "d"),
            IterationOutcome(duration: .milliseconds(30), traceID: "e"),
        ]).summary.operations[0]
        #expect(summary.slowest?.seconds == 0.04)
        #expect(summary.slowest?.traceID == "b")
        #expect(summary.lastFailure?.detail == "second")
        #expect(summary.lastFailureTraceID == "d")
    }

    @Test("the slowest success is that of the objective's metric")
    func objectiveMetric() {
        func iteration(duration: Int, firstToken: Int, traceID: String) -> IterationOutcome {
            let measurement = LanguageModelMeasurement(timeToFirstToken: .milliseconds(firstToken))
            return IterationOutcome(
                duration: .milliseconds(duration),
                languageModel: measurement,
                traceID: traceID
            )
        }
        let iterations = [
            iteration(duration: 900, firstToken: 10, traceID: "a"),
            iteration(duration: 100, firstToken: 50, traceID: "b"),
        ]
        let objective = Objective(metric: .timeToFirstToken)
        #expect(record(iterations, objective: objective).summary.operations[0].slowest?.traceID == "b")
    }

    @Test("without a success there is no slowest one")
    func noSuccess() {
        let failed = IterationOutcome(duration: .seconds(1), failure: IterationFailure(.timeout, "timed out"))
        let summary = record([failed]).summary.operations[0]
        #expect(summary.slowest == nil)
        #expect(summary.lastFailureTraceID == nil)
    }

    private func record(_ iterations: [IterationOutcome], objective: Objective = Objective()) -> RunRecord {
        RunRecord(
            benchmark: "b",
            outcome: .completed,
            intendedAt: 1,
            completedAt: 2,
            lateness: .zero,
            operations: [
                OperationRecord(
                    identity: BenchmarkIdentity(benchmark: "b", operation: "get", target: "t"),
                    objective: objective,
                    warmupIterations: [],
                    iterations: iterations,
                    elapsed: .seconds(1)
                )
            ]
        )
    }
}
