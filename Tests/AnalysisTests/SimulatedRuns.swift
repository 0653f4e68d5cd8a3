import BenchmarkModel
import ExporterTestSupport
import Glibc

@testable import Analysis

/// A benchmark of a lognormal service every five minutes, ten iterations a run, the same in each test.
struct SimulatedRuns {
    var state = BaselineState(fingerprint: "1")
    var completedAt = 1.7e9
    private var random: SeededGenerator

    init(seed: UInt64 = 1) {
        random = SeededGenerator(seed: seed)
    }

    /// One run, in which latencies are `factor` times the usual ones; where the benchmark then stands.
    @discardableResult
    mutating func run(factor: Double = 1, failures: Int = 0, iterations: Int = 10) -> RegressionState {
        let successes = latencies(iterations - failures).map { $0 * factor }
        completedAt += 300
        RegressionDetector.record(successes: successes, failures: failures, at: completedAt, in: &state)
        return state.state
    }

    /// So many runs; what is found after the last of them.
    @discardableResult
    mutating func run(times: Int, factor: Double = 1, failures: Int = 0) -> RegressionFinding {
        for _ in 0..<times { run(factor: factor, failures: failures) }
        return RegressionDetector.finding(of: state)
    }

    /// The number of runs until the benchmark is in `awaited`; 101 when it is not after 100.
    mutating func delay(until awaited: RegressionState, factor: Double = 1, failures: Int = 0) -> Int {
        for count in 1...100 where run(factor: factor, failures: failures) == awaited { return count }
        return 101
    }

    /// Latencies around a tenth of a second.
    mutating func latencies(_ count: Int) -> [Double] {
        (0..<count).map { _ in 0.1 * exp(0.4 * random.normal()) }
    }
}
