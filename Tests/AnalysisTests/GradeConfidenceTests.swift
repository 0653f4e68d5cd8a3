import Analysis
import BenchmarkModel
import Testing

@Suite struct GradeConfidenceTests {
    @Test(
        "supporting a P95 takes 59 good iterations in a row",
        arguments: [(58, false), (59, true)]
    )
    func passes(good: Int, expected: Bool) throws {
        #expect(try confidence(good: good, slow: 0, failed: 0) == expected)
    }

    @Test(
        "a fail is supported when so many bad ones would be luck in less than one case of twenty",
        arguments: [(9, 1, false), (8, 2, false), (7, 3, true), (0, 2, true)]
    )
    func fails(good: Int, slow: Int, expected: Bool) throws {
        // 2 of 10 with probability 0.05 each: 8.6 %; 3 of 10: 1.2 %.
        #expect(try confidence(good: good, slow: slow, failed: 0) == expected)
    }

    @Test("a fail by the error ratio alone is held against the error ratio")
    func errorRatio() throws {
        // 3 of 100 are within a P95's 5 %, and 8 % likely at an error ratio of 1 %; 4 of 100 are 2 % likely.
        #expect(try confidence(good: 97, slow: 0, failed: 3) == false)
        #expect(try confidence(good: 96, slow: 0, failed: 4) == true)
    }

    @Test("a mean has no such bound")
    func mean() throws {
        #expect(try confidence(good: 100, slow: 0, failed: 0, statistic: .mean) == nil)
    }

    @Test(
        "binomial tails agree with tables",
        arguments: [
            (0, 10, 0.05, 0.598737), (1, 10, 0.05, 0.913862), (5, 10, 0.5, 0.623047), (60, 1000, 0.05, 0.932937),
        ]
    )
    func tails(count: Int, trials: Int, ratio: Double, expected: Double) {
        #expect(abs(BinomialTail.atMost(count, of: trials, ratio: ratio) - expected) < 1e-5)
        let complement = 1 - BinomialTail.atLeast(count + 1, of: trials, ratio: ratio)
        #expect(abs(complement - expected) < 1e-5)
    }

    @Test("tails stay probabilities where their terms underflow")
    func extremes() {
        #expect(BinomialTail.atMost(5000, of: 100_000, ratio: 0.05) > 0.49)
        #expect(BinomialTail.atMost(0, of: 100_000, ratio: 0.05) == 0)
        #expect(BinomialTail.atLeast(1, of: 10, ratio: 0) == 0)
        #expect(BinomialTail.atLeast(0, of: 10, ratio: 0) == 1)
        #expect(BinomialTail.atMost(9, of: 10, ratio: 1) == 0)
    }

    private func confidence(good: Int, slow: Int, failed: Int, statistic: ObjectiveStatistic = .p95) throws -> Bool? {
        let objective = Objective(statistic: statistic, target: .milliseconds(100))
        let failure = IterationFailure(.timeout, "test")
        let iterations =
            Array(repeating: IterationOutcome(duration: .milliseconds(10)), count: good)
            + Array(repeating: IterationOutcome(duration: .seconds(1)), count: slow)
            + Array(repeating: IterationOutcome(duration: .seconds(1), failure: failure), count: failed)
        let statistics = try #require(RunStatistics(of: iterations, against: objective, elapsed: .seconds(1)))
        return GradeConfidence.isConfident(statistics, in: objective)
    }
}
