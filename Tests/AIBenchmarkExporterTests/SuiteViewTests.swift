import BenchmarkModel
import Testing

@testable import AIBenchmarkExporter

@Suite("the last runs taken together") struct SuiteViewTests {
    private static func run(
        _ benchmark: String,
        _ milliseconds: [Int],
        failures: Int = 0,
        metric: ObjectiveMetric = .duration
    ) -> RunResult {
        let failure = IterationOutcome(duration: .seconds(1), failure: IterationFailure(.timeout, "timed out"))
        let successes = milliseconds.map { value in
            var outcome = IterationOutcome(duration: .milliseconds(value))
            outcome.responseTime = .milliseconds(value)
            return outcome
        }
        let record = OperationRecord(
            identity: BenchmarkIdentity(benchmark: benchmark, operation: "get", target: "t"),
            objective: Objective(metric: metric),
            warmupIterations: [],
            iterations: successes + Array(repeating: failure, count: failures),
            elapsed: .seconds(1)
        )
        return RunResult(
            RunRecord(
                benchmark: benchmark,
                outcome: .completed,
                intendedAt: 0,
                completedAt: 1,
                lateness: .zero,
                operations: [record]
            ).summary
        )
    }

    @Test("have a mean of durations alone, and a slowest operation of all")
    func figures() throws {
        let runs = [
            Self.run("a", [10, 30]), Self.run("b", [50], failures: 1), Self.run("c", [900], metric: .response),
        ]
        let suite = try #require(SuiteView(runs))
        #expect(suite.benchmarks == 3)
        #expect(suite.samples == 5)
        #expect(suite.successRatio == 0.8)
        #expect(try #require(suite.meanSeconds).isApproximately(0.03))
        #expect(suite.slowestOperation?.benchmark == "c")
    }

    @Test("say nothing without an iteration, and have no mean without a success")
    func empty() throws {
        #expect(SuiteView([]) == nil)
        let suite = try #require(SuiteView([Self.run("a", [], failures: 2)]))
        #expect(suite.successRatio == 0)
        #expect(suite.meanSeconds == nil)
        #expect(suite.slowestOperation == nil)
    }
}

extension Double {
    fileprivate func isApproximately(_ value: Double) -> Bool { abs(self - value) < 1e-9 }
}
