import Analysis
import BenchmarkModel

/// A benchmark every five minutes of a simulated service, and what the detector makes of it.
struct SimulatedBenchmark {
    private(set) var state = BaselineState(fingerprint: "")
    private(set) var runs = 0
    private var service: SimulatedService
    private let iterations: Int

    init(service: SimulatedService, iterations: Int) {
        self.service = service
        self.iterations = iterations
    }

    /// One run, with latencies `factor` times the usual, of which each iteration fails with probability `failing`.
    mutating func run(factor: Double = 1, failing: Double = 0) {
        var latencies = service.run(iterations: iterations, factor: factor)
        if failing > 0 { latencies.removeAll { _ in service.random.uniform() < failing } }
        let at = 1.7e9 + Double(runs) * 300
        RegressionDetector.record(
            successes: latencies,
            failures: iterations - latencies.count,
            at: at,
            in: &state
        )
        runs += 1
    }

    /// Runs until there is a baseline, and says whether there is one after 400 runs at most.
    mutating func learn(failing: Double = 0) -> Bool {
        while state.level == nil, runs < 400 { run(failing: failing) }
        return state.level != nil
    }

    /// The number of runs until the state is `awaited`; `limit` where it does not get so far.
    mutating func delay(
        until awaited: RegressionState,
        factor: Double = 1,
        failing: Double = 0,
        limit: Int = 400
    ) -> Int {
        for count in 1...limit {
            run(factor: factor, failing: failing)
            if state.state == awaited { return count }
        }
        return limit
    }

    /// How often `count` runs without a change enter each state.
    mutating func alarms(in count: Int) -> (degraded: Int, improved: Int) {
        var result = (degraded: 0, improved: 0)
        for _ in 0..<count {
            let before = state.state
            run()
            guard state.state != before else { continue }
            if state.state == .degraded { result.degraded += 1 }
            if state.state == .improved { result.improved += 1 }
        }
        return result
    }

    /// How often failures make an alarm in `count` runs in which the share of them does not change.
    mutating func failureAlarms(in count: Int, failing: Double) -> Int {
        (0..<count).count { _ in
            let before = state.failures.change
            run(failing: failing)
            return before == nil && state.failures.change != nil
        }
    }
}
