import Analysis
import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@Suite struct DetectorRobustnessTests {
    @Test("a process that stops after any run goes on as if it had not")
    func replay() throws {
        var whole = SimulatedRuns(seed: 5)
        var cut = SimulatedRuns(seed: 5)
        for run in 0..<160 {
            // Learns, degrades, recovers, fails, improves.
            let (factor, failures): (Double, Int) =
                switch run {
                case 70..<90: (1.6, 0)
                case 110..<120: (1, 4)
                case 130...: (0.6, 0)
                default: (1, run % 20 == 0 ? 1 : 0)
                }
            whole.run(factor: factor, failures: failures)
            cut.run(factor: factor, failures: failures)
            cut.state = try JSONDecoder().decode(BaselineState.self, from: JSONEncoder().encode(cut.state))
            #expect(cut.state == whole.state)
            #expect(cut.state.defect == nil)
        }
        #expect(whole.state.state == .improved)
        #expect(RegressionDetector.finding(of: cut.state) == RegressionDetector.finding(of: whole.state))
    }

    @Test("keys are stored in snake case, and a whole state is small", arguments: [(10, 26_000), (1, 52_000)])
    func stored(iterations: Int, bytes: Int) throws {
        var runs = SimulatedRuns()
        for _ in 0..<600 { runs.run(iterations: iterations) }
        for _ in 0..<20 { runs.run(factor: 2, failures: iterations / 10, iterations: iterations) }
        #expect(runs.state.level != nil)
        let text = try #require(String(bytes: JSONEncoder().encode(runs.state), encoding: .utf8))
        #expect(!text.contains(/"[a-z_]*[A-Z]/))
        #expect(text.utf8.count < bytes, "\(text.utf8.count)")
        let finding = RegressionDetector.finding(of: runs.state)
        let encoded = try JSONEncoder().encode(finding)
        #expect(try JSONDecoder().decode(RegressionFinding.self, from: encoded) == finding)
    }

    @Test(
        "equal latencies make no alarm",
        arguments: [0.0, 1e-9, 0.1, 86_400]
    )
    func constant(seconds: Double) {
        var state = BaselineState(fingerprint: "")
        for run in 0..<120 {
            let successes = Array(repeating: seconds, count: 10)
            RegressionDetector.record(successes: successes, failures: 0, at: Double(run), in: &state)
            #expect(state.state == (run < 39 ? .learning : .stable))
            #expect(state.defect == nil)
        }
        let finding = RegressionDetector.finding(of: state)
        #expect(finding.shift == ShiftRatio(ratio: 1, lower: 1, upper: 1))
        #expect(finding.trend == LatencyTrend(slopeRatioPerHour: 0, probability: 1))
    }

    @Test("latencies that are none, and numbers beyond reason, are ignored")
    func hostileInput() {
        var runs = SimulatedRuns()
        runs.run(times: 60)
        let before = runs.state
        let none: [Double] = [.nan, .infinity, -.infinity, -1, -0.001, 1e300, .signalingNaN]
        RegressionDetector.record(successes: none, failures: 0, at: 1.8e9, in: &runs.state)
        RegressionDetector.record(successes: [], failures: 0, at: 1.8e9, in: &runs.state)
        RegressionDetector.record(successes: [], failures: .min, at: 1.8e9, in: &runs.state)
        #expect(runs.state == before)
        for _ in 0..<100 {
            let successes = runs.latencies(10) + none
            RegressionDetector.record(successes: successes, failures: -5, at: .nan, in: &runs.state)
            #expect(runs.state.state == .stable)
            #expect(runs.state.defect == nil)
        }
        for _ in 0..<5 { RegressionDetector.record(successes: [], failures: .max, at: 1.8e9, in: &runs.state) }
        #expect(runs.state.state == .degraded)
        #expect(runs.state.defect == nil)
    }

    @Test(
        "clocks that jump, stand still or show no time make no alarm",
        arguments: [
            [1.7e9, 0, 1.7e9], [1.7e9, 9e10, 1.7e9], [5], [.nan], [.infinity, -.infinity], [-1, 1e300],
        ]
    )
    func clocks(times: [Double]) {
        var runs = SimulatedRuns()
        for run in 0..<200 {
            let latencies = runs.latencies(10)
            let time = times[run % times.count]
            RegressionDetector.record(successes: latencies, failures: 0, at: time, in: &runs.state)
            #expect(runs.state.state == (run < 39 ? .learning : .stable))
            #expect(runs.state.defect == nil)
        }
    }

    @Test("a state without a defect crashes nothing, whatever it says", arguments: 0..<60 as Range<UInt64>)
    func hostileState(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var state = BaselineState(fingerprint: "")
        func latency() -> Double { [0.0, Double.leastNonzeroMagnitude, 0.1, 9e8].randomElement(using: &random) ?? 0 }
        func latencies(_ limit: Int) -> [Double] {
            (0..<Int.random(in: 1...limit, using: &random)).map { _ in latency() }.sorted()
        }
        func time() -> Double { [0.0, Double.leastNonzeroMagnitude, 1.7e9, 9.9e10].randomElement(using: &random) ?? 0 }
        func count() -> Int { [10, 1000, 1_000_000_000].randomElement(using: &random) ?? 1 }
        func evidence() -> ChangeEvidence {
            var evidence = ChangeEvidence()
            guard Bool.random(using: &random) else { return evidence }
            evidence.nats = [Double.leastNonzeroMagnitude, 9.9, 10, 9e8].randomElement(using: &random) ?? 1
            evidence.startedAt = time()
            evidence.total = [-9e14, 0.0, 9e14].randomElement(using: &random) ?? 0
            evidence.observations = count()
            return evidence
        }
        func watch() -> ChangeWatch {
            var watch = ChangeWatch()
            (watch.rising, watch.falling, watch.returning) = (evidence(), evidence(), evidence())
            guard let direction = ChangeDirection.allCases.randomElement(using: &random) else { return watch }
            guard Bool.random(using: &random) else { return watch }
            let size: Double = [0.0, 0.5, 1, 9e8].randomElement(using: &random) ?? 0
            watch.change = DetectedChange(direction: direction, startedAt: time(), size: size, observations: count())
            return watch
        }
        let length = [0, 1, 39, 60, 60, 500].randomElement(using: &random) ?? 0
        state.runs = (0..<length).map { _ in
            BaselineRun(completedAt: time(), values: latencies(10), successes: count(), failures: count())
        }
        state.medians = (0..<Int.random(in: 0...96, using: &random)).map { _ in
            RunMedian(completedAt: time(), seconds: latency())
        }
        (state.latency, state.failures) = (watch(), watch())
        if Bool.random(using: &random) {
            state.level = BaselineLevel(
                values: latencies(1000),
                deviation: [1.0, 9e8].randomElement(using: &random) ?? 1,
                runs: count(),
                successes: count(),
                failures: count(),
                startedAt: time(),
                completedAt: time()
            )
        }
        #expect(state.defect == nil)
        for _ in 0..<3 {
            let finding = RegressionDetector.observe(
                successes: latencies(30),
                failures: count(),
                at: time(),
                state: &state
            )
            #expect(throws: Never.self) { try JSONEncoder().encode(finding) }
            #expect(state.defect == nil)
        }
        RegressionDetector.accept(&state)
        #expect(state.defect == nil)
    }
}
