import BenchmarkModel
import Testing

@Suite struct RunStatisticsTests {
    @Test(
        "a percentile is the value at rank ceil(p·n)",
        arguments: [
            (50, 1, 1), (50, 2, 1), (50, 3, 2), (95, 10, 10), (95, 20, 19), (95, 21, 20), (95, 100, 95), (99, 100, 99),
            (99, 101, 100), (7, 100, 7),
        ]
    )
    func nearestRank(percent: Int, count: Int, expected: Int) {
        let values = (1...count).map(Double.init)
        #expect(NearestRank.percentile(percent, ofSorted: values) == Double(expected))
    }

    @Test("failures count as +Inf in the adjusted percentiles and not at all in the others")
    func failures() throws {
        let iterations = milliseconds(250, 250, 250, 250, 125, 125, 125, 125) + [failed(.timeout), failed(.http5xx)]
        let statistics = try #require(RunStatistics(of: iterations, against: Objective(), elapsed: .seconds(2)))
        #expect(statistics.results == [.good: 8, .slow: 0, .failed: 2])
        #expect(statistics.latency?.p95 == 0.25)
        #expect(statistics.latency?.mean == 0.1875)
        #expect(statistics.adjusted.p50 == 0.25)
        #expect(statistics.adjusted.p95 == .infinity)
        #expect(statistics.judged == .infinity)
        #expect(statistics.grade == .fail)
        #expect(statistics.successRatio == 0.8)
        #expect(statistics.throughput == 5)
        #expect(statistics.goodput == 4)
    }

    @Test("what was not issued is a failure, and no load on the service")
    func notIssued() throws {
        let iterations = milliseconds(250, 250) + [failed(.notIssued), failed(.notIssued), failed(.timeout)]
        let statistics = try #require(RunStatistics(of: iterations, against: Objective(), elapsed: .seconds(2)))
        #expect(statistics.throughput == 1.5)
        #expect(statistics.goodput == 1)
        #expect(statistics.successRatio == 0.4)
    }

    @Test("a run without a success is never a pass", arguments: ObjectiveStatistic.allCases)
    func noSuccess(statistic: ObjectiveStatistic) throws {
        let objective = Objective(statistic: statistic, errorRatio: 1)
        let iterations = [failed(.connect), failed(.connect)]
        let statistics = try #require(RunStatistics(of: iterations, against: objective, elapsed: .seconds(1)))
        #expect(statistics.grade == .fail)
        #expect(statistics.latency == nil)
    }

    @Test("a run without an iteration has no figures")
    func noIterations() {
        #expect(RunStatistics(of: [], against: Objective(), elapsed: .zero) == nil)
    }

    @Test("a value on the target is within the objective, and one nanosecond more is not")
    func boundary() {
        let objective = Objective(target: .milliseconds(300))
        #expect(IterationOutcome(duration: .milliseconds(300)).result(against: objective) == .good)
        #expect(IterationOutcome(duration: .nanoseconds(300_000_001)).result(against: objective) == .slow)
    }

    @Test("an objective on the time to the first token judges that, and an iteration without one has failed")
    func timeToFirstToken() throws {
        let objective = Objective(metric: .timeToFirstToken, target: .milliseconds(100))
        let fast = LanguageModelMeasurement(timeToFirstToken: .milliseconds(90))
        let iterations = [
            IterationOutcome(duration: .seconds(2), languageModel: fast),
            IterationOutcome(duration: .milliseconds(1)),
        ]
        let statistics = try #require(RunStatistics(of: iterations, against: objective, elapsed: .seconds(2)))
        #expect(statistics.results == [.good: 1, .slow: 0, .failed: 1])
        #expect(statistics.latency?.max == 0.09)
    }

    @Test("the error ratio fails a run whose percentile is still within the target")
    func errorRatio() throws {
        let iterations = Array(repeating: milliseconds(10)[0], count: 97) + Array(repeating: failed(.dns), count: 3)
        let strict = Objective(errorRatio: 0.02)
        let lenient = Objective(errorRatio: 0.03)
        #expect(RunStatistics(of: iterations, against: strict, elapsed: .seconds(1))?.grade == .fail)
        #expect(RunStatistics(of: iterations, against: lenient, elapsed: .seconds(1))?.grade == .pass)
    }

    @Test("one failure spoils a mean, as nothing may be bad there")
    func mean() {
        let objective = Objective(statistic: .mean, errorRatio: 1)
        let iterations = milliseconds(10, 10, 10) + [failed(.timeout)]
        #expect(RunStatistics(of: iterations, against: objective, elapsed: .seconds(1))?.judged == .infinity)
        #expect(objective.allowedBadRatio == 0)
    }

    @Test("the validation ratio is of well-formed answers only")
    func validationRatio() {
        let iterations = milliseconds(1, 1, 1) + [failed(.validation), failed(.timeout)]
        #expect(RunStatistics(of: iterations, against: Objective(), elapsed: .seconds(1))?.validationRatio == 0.75)
        #expect(RunStatistics(of: [failed(.dns)], against: Objective(), elapsed: .seconds(1))?.validationRatio == nil)
    }

    @Test(
        "the three published examples of suites",
        arguments: [
            ([125, 140, 160], 141.67, true),
            ([300, 325, 400, 425], 362.50, false),
            ([90, 93, 405, 895], 370.75, false),
        ]
    )
    func publishedExamples(durations: [Int], mean: Double, meets: Bool) throws {
        let iterations = durations.map { IterationOutcome(duration: .milliseconds($0)) }
        let suite = SuiteStatistics(of: iterations, target: .milliseconds(300))
        let latency = try #require(suite.latency)
        #expect(abs(latency.mean * 1000 - mean) < 0.005)
        #expect(suite.meetsTarget == meets)
    }

    @Test("the third published example has its P95 at 895 ms and half of its answers within 300 ms")
    func thirdPublishedExample() {
        let iterations = milliseconds(90, 93, 405, 895)
        let suite = SuiteStatistics(of: iterations, target: .milliseconds(300))
        #expect(suite.latency?.mean == 0.37075)
        #expect(suite.latency?.p95 == 0.895)
        #expect(suite.ratioWithinTarget == 0.5)
        #expect(!suite.meetsTarget)
    }

    @Test("a suite of failures does not meet its target")
    func failedSuite() {
        #expect(!SuiteStatistics(of: [failed(.timeout)], target: .seconds(1)).meetsTarget)
    }

    private func milliseconds(_ values: Int...) -> [IterationOutcome] {
        values.map { IterationOutcome(duration: .milliseconds($0)) }
    }

    private func failed(_ reason: FailureReason) -> IterationOutcome {
        IterationOutcome(duration: .seconds(1), failure: IterationFailure(reason, "test"))
    }
}

extension SuiteStatistics {
    /// Of the successes among `iterations`.
    fileprivate init(of iterations: [IterationOutcome], target: Duration) {
        self.init(ofSuccesses: iterations.filter { $0.failure == nil }.map(\.duration), target: target)
    }
}
