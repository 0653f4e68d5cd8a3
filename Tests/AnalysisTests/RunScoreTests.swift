import BenchmarkModel
import ExporterTestSupport
import Testing

@testable import Analysis

@Suite struct RunScoreTests {
    @Test("a rank among ties is the middle of theirs, so a constant run of a constant baseline scores 0")
    func ties() {
        let constant = Array(repeating: 0.1, count: 400)
        #expect(BaselineLevel.score(of: run(Array(repeating: 0.1, count: 10)), among: constant) == 0)
    }

    @Test("a run's score is the mean of its normal scores times the root of its size")
    func score() {
        // Among 1, 2, 3: 0.5 has rank 0 and u = 1/8, 2 has midrank 1.5 and u = 1/2, 9 has rank 3 and u = 7/8.
        let quantile = NormalDistribution.quantile(7.0 / 8)
        #expect(BaselineLevel.score(of: run([9]), among: [1, 2, 3]) == quantile)
        #expect(BaselineLevel.score(of: run([0.5]), among: [1, 2, 3]) == -quantile)
        #expect(BaselineLevel.score(of: run([2]), among: [1, 2, 3]) == 0)
        #expect(abs(BaselineLevel.score(of: run([9, 9, 9, 9]), among: [1, 2, 3]) - 2 * quantile) < 1e-12)
    }

    @Test("the scores of a baseline's own runs add up to 0")
    func balance() {
        var random = SeededGenerator(seed: 1)
        let runs = (0..<40).map { _ in run((0..<10).map { _ in Double.random(in: 0..<1, using: &random) }) }
        let values = runs.flatMap(\.values).sorted()
        #expect(abs(runs.reduce(0) { $0 + BaselineLevel.score(of: $1, among: values) }) < 1e-9)
    }

    @Test("ten values stand for more: each is the middle of a tenth", arguments: [(3, 1, 0), (10, 1, 0), (30, 3, 1)])
    func parts(count: Int, step: Int, first: Int) {
        let run = run((0..<count).map(Double.init))
        #expect(run.values == (0..<min(count, 10)).map { Double(first + step * $0) })
        #expect(run.successes == count)
    }

    @Test("the middle of an even number of values is between two")
    func evenParts() {
        #expect(run((0..<20).map(Double.init)).values == (0..<10).map { Double(2 * $0) + 0.5 })
    }

    private func run(_ successes: [Double]) -> BaselineRun {
        BaselineRun(completedAt: 0, successes: successes, failures: 0)
    }
}
