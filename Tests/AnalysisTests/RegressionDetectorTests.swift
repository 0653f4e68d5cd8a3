import Analysis
import BenchmarkModel
import Testing

@Suite struct RegressionDetectorTests {
    @Test("a baseline is learnt from 40 runs of 10, and then frozen")
    func learning() throws {
        var runs = SimulatedRuns()
        let before = runs.run(times: 39)
        #expect(before.state == .learning)
        #expect(before.learnt == 39.0 / 40)
        #expect(before.baselineSamples == 390)
        #expect(before.shift == nil)
        let after = runs.run(times: 1)
        #expect(after.state == .stable)
        #expect(after.learnt == 1)
        #expect(after.baselineSamples == 400)
        let baseline = try #require(after.baseline)
        #expect((0.09...0.11).contains(baseline.p50))
        let level = runs.state.level
        runs.run(times: 50, factor: 1.3)
        #expect(runs.state.level == level)
    }

    @Test(
        "smaller runs take more of them, larger ones do not take fewer",
        arguments: [(1, 400), (8, 50), (10, 40), (50, 40)]
    )
    func sizes(iterations: Int, expected: Int) {
        var runs = SimulatedRuns()
        let learnt = (1...500).first { _ in runs.run(iterations: iterations) == .stable }
        #expect(learnt == expected)
    }

    @Test("a service that takes twice as long is noticed within four runs, with its beginning and its size")
    func degradation() throws {
        var runs = SimulatedRuns()
        runs.run(times: 60)
        let began = runs.completedAt + 300
        #expect(runs.delay(until: .degraded, factor: 2) <= 4)
        let finding = runs.run(times: 20, factor: 2)
        #expect(finding.state == .degraded)
        #expect(finding.latency == .degradation)
        #expect(finding.failures == nil)
        #expect(try abs(#require(finding.changedAt) - began) <= 600)
        let shift = try #require(finding.shift)
        #expect((1.8...2.3).contains(shift.ratio))
        #expect((1.6..<shift.ratio).contains(shift.lower))
        #expect((shift.ratio...2.5).contains(shift.upper))
        // And when it is over, so is the state.
        #expect(runs.delay(until: .stable) <= 4)
        let over = runs.run(times: 20)
        #expect(over.state == .stable)
        #expect(over.changedAt == nil)
    }

    @Test("a service that takes half as long has improved")
    func improvement() throws {
        var runs = SimulatedRuns()
        runs.run(times: 60)
        #expect(runs.delay(until: .improved, factor: 0.5) <= 4)
        let finding = runs.run(times: 10, factor: 0.5)
        #expect(finding.latency == .improvement)
        #expect(try (0.45...0.6).contains(#require(finding.shift).ratio))
    }

    @Test("one run that is odd in any way is no change")
    func oneOddRun() {
        for factor in [1e-6, 0.1, 10, 1e6] {
            var runs = SimulatedRuns()
            runs.run(times: 60)
            #expect(runs.run(factor: factor, iterations: 1000) == .stable)
            for _ in 0..<100 { #expect(runs.run() == .stable) }
        }
        var runs = SimulatedRuns()
        runs.run(times: 60)
        #expect(runs.run(failures: 10) == .stable)
        for _ in 0..<100 { #expect(runs.run() == .stable) }
    }

    @Test("a change of less than 5 % is nobody's concern, however certain it is")
    func gate() {
        var state = BaselineState(fingerprint: "")
        func observe(_ seconds: Double) -> RegressionState {
            let successes = Array(repeating: seconds, count: 10)
            RegressionDetector.record(successes: successes, failures: 0, at: 1, in: &state)
            return state.state
        }
        for _ in 0..<40 { #expect(observe(0.1) != .degraded) }
        for _ in 0..<50 { #expect(observe(0.104) == .stable) }
        for _ in 0..<50 { #expect(observe(0.096) == .stable) }
        let isNoticed = (1...100).contains { _ in observe(0.106) == .degraded }
        #expect(isNoticed)
    }

    @Test("failures beyond the baseline's are a degradation, and its latency is not", arguments: [5, 10])
    func failures(failures: Int) {
        var runs = SimulatedRuns()
        runs.run(times: 60)
        let delay = runs.delay(until: .degraded, failures: failures)
        #expect((2...3).contains(delay))
        let finding = runs.run(times: 10, failures: failures)
        #expect(finding.state == .degraded)
        #expect(finding.failures == .degradation)
        #expect(finding.latency == nil)
        #expect(runs.delay(until: .stable) <= 4)
    }

    @Test("as many failures as the baseline has are no degradation")
    func usualFailures() {
        var runs = SimulatedRuns()
        #expect(runs.run(times: 80, failures: 2).state == .stable)
        for _ in 0..<200 { #expect(runs.run(failures: 2) == .stable) }
    }

    @Test("a service that fails always has no latency to learn from")
    func onlyFailures() {
        var runs = SimulatedRuns()
        #expect(runs.run(times: 500, failures: 10).state == .learning)
        #expect(runs.state == BaselineState(fingerprint: "1"))
        runs.run(times: 20)
        #expect(runs.run(times: 500, failures: 10).learnt == 0.5)
        #expect(runs.state.runs.last?.failures == 5000)
        #expect(runs.state.runs.count == 20)
    }

    @Test("a baseline that moves is not frozen; learning goes on until the service has come to rest")
    func restless() {
        var runs = SimulatedRuns()
        runs.run(times: 20)
        #expect(runs.run(times: 20, factor: 2).state == .learning)
        let delay = runs.delay(until: .stable, factor: 2)
        #expect((5...25).contains(delay))
    }

    @Test("an accepted level is learnt from its own runs, at once where they are enough")
    func accept() throws {
        var runs = SimulatedRuns()
        runs.run(times: 60)
        runs.run(times: 10, factor: 2)
        RegressionDetector.accept(&runs.state)
        #expect(runs.state.state == .learning)
        #expect((8...10).contains(runs.state.runs.count))
        #expect(runs.run(times: 32, factor: 2).state == .stable)
        #expect(try (0.18...0.22).contains(#require(runs.state.level?.latency).p50))

        runs.run(times: 60, factor: 4)
        #expect(runs.state.state == .degraded)
        RegressionDetector.accept(&runs.state)
        #expect(runs.state.state == .stable)
        #expect(try (0.36...0.44).contains(#require(runs.state.level?.latency).p50))
        #expect(runs.run(times: 20, factor: 4).state == .stable)
    }

    @Test(
        "a new level of as many runs as it takes to learn one is accepted at once, also where runs are small",
        arguments: [(1, 400), (5, 80), (8, 50), (10, 40), (50, 40)]
    )
    func acceptSmallRuns(iterations: Int, needed: Int) throws {
        var runs = SimulatedRuns()
        while runs.run(iterations: iterations) != .stable { #expect(runs.state.runs.count < 500) }
        #expect(runs.state.runs.count == needed)
        for _ in 0..<needed + 40 { runs.run(factor: 2, iterations: iterations) }
        #expect(runs.state.state == .degraded)
        #expect(runs.state.runs.count == needed)
        #expect(runs.state.defect == nil)
        RegressionDetector.accept(&runs.state)
        #expect(runs.state.state == .stable)
        #expect(runs.state.level?.successes == needed * iterations)
        #expect(try (0.18...0.22).contains(#require(runs.state.level?.latency).p50))
    }

    @Test("accepting while learning changes nothing, and a reset forgets all but the definition")
    func reset() {
        var runs = SimulatedRuns()
        runs.run(times: 20)
        let before = runs.state
        RegressionDetector.accept(&runs.state)
        #expect(runs.state == before)
        runs.run(times: 60, factor: 2)
        RegressionDetector.reset(&runs.state)
        #expect(runs.state == BaselineState(fingerprint: "1"))
    }

    @Test("a service that slowly slows down has a trend while it learns too")
    func trend() throws {
        var runs = SimulatedRuns()
        for run in 0..<47 { runs.run(factor: 1 + Double(run) / 50) }
        #expect(RegressionDetector.finding(of: runs.state).trend == nil)
        for run in 47..<96 { runs.run(factor: 1 + Double(run) / 50) }
        let trend = try #require(RegressionDetector.finding(of: runs.state).trend)
        #expect(trend.isSignificant)
        // A fiftieth each five minutes is 24 % an hour, of a level that has doubled on the way.
        #expect((0.1...0.15).contains(trend.slopeRatioPerHour))
    }

    @Test("in 30 seeded baselines of 200 runs there is hardly a false alarm")
    func smoke() {
        var alarms = 0
        for seed in 0..<30 {
            var runs = SimulatedRuns(seed: UInt64(seed) + 1000)
            var before = RegressionState.learning
            for _ in 0..<240 {
                let latencies = runs.latencies(10)
                RegressionDetector.record(successes: latencies, failures: 0, at: 1, in: &runs.state)
                if runs.state.state == .degraded, before != .degraded { alarms += 1 }
                before = runs.state.state
            }
        }
        // 5 in 10,000 are promised, 1 is usual; these are 6,000.
        #expect(alarms <= 3)
    }
}
