import BenchmarkModel
import ExporterTestSupport
import Testing

@testable import AIBenchmarkExporter

@Suite("the past that the pages remember") struct RecentRunsTests {
    private let identity = BenchmarkIdentity(benchmark: "a", operation: "get", target: "service")

    @Test("the newest runs are listed first, and the last failure is known after all of them")
    func order() throws {
        var generator = SeededGenerator(seed: 1)
        let recent = RecentRuns()
        for number in 0..<100 {
            let time = 1e9 + Double(number) * 10
            recent.add(SamplePage.run(identity, endedAt: time, failing: number == 5, detail: "no", &generator).summary)
        }
        let past = recent["a"]
        #expect(past.runs.count == RecentRuns.listed)
        #expect(past.runs.map(\.completedAt) == past.runs.map(\.completedAt).sorted(by: >))
        #expect(past.runs.first?.completedAt == 1e9 + 990)
        let failure = try #require(past.failures[identity])
        #expect(failure.runEndedAt == 1e9 + 50)
        #expect(failure.failure == IterationFailure(.http5xx, "no"))
        #expect(past.plots[identity]?.timeline.slots.reduce(0) { $0 + $1.runs } == 100)
    }

    @Test("benchmarks that are gone are forgotten")
    func retain() {
        var generator = SeededGenerator(seed: 1)
        let recent = RecentRuns()
        recent.add(SamplePage.run(identity, endedAt: 1e9, &generator).summary)
        recent.retain(["b"])
        #expect(recent["a"].runs.isEmpty)
    }

    @Test("a run that is out of sight is listed and not plotted")
    func outOfSight() {
        var generator = SeededGenerator(seed: 1)
        let recent = RecentRuns()
        recent.add(SamplePage.run(identity, endedAt: 1e9, &generator).summary, isOutOfSight: true)
        #expect(recent["a"].runs.count == 1)
        #expect(recent["a"].plots.isEmpty)
    }

    @Test(
        "what was measured under another objective than the newest is not plotted, and can be left out of the list",
        arguments: [false, true]
    )
    func objective(isNewestFirst: Bool) throws {
        var generator = SeededGenerator(seed: 1)
        let recent = RecentRuns()
        let objective = Objective(metric: .timeToFirstToken)
        let runs = (0..<4).map { number in
            var run = SamplePage.run(identity, endedAt: 1e9 + Double(number), &generator).summary
            run.operations[0].finding = SamplePage.finding(.degraded, changedAt: 1e9 + Double(number))
            if number > 1 { run.operations[0].objective = objective }
            return run
        }
        for run in isNewestFirst ? runs.reversed() : runs { recent.add(run) }
        let plot = try #require(recent["a"].plots[identity])
        #expect(plot.objective == objective)
        #expect(plot.timeline.slots.map(\.index) == [1_000_000_002, 1_000_000_003])
        #expect(plot.changes.map(\.time).sorted() == [1e9 + 2, 1e9 + 3])
        #expect(recent["a"].runs.count == 4)
        #expect(recent["a"].runs(under: [identity: objective]).map(\.completedAt) == [1e9 + 3, 1e9 + 2])
        #expect(recent["a"].runs(under: [:]).isEmpty)
    }

    @Test("a change is marked once, when it began, and only so many of them are remembered")
    func changes() throws {
        var generator = SeededGenerator(seed: 1)
        let recent = RecentRuns()
        for number in (0..<60).reversed() {
            var run = SamplePage.run(identity, endedAt: 1e9 + Double(number), &generator).summary
            let began = 1e9 + Double(number / 2)
            run.operations[0].finding = SamplePage.finding(number < 10 ? .improved : .degraded, changedAt: began)
            recent.add(run)
        }
        let marks = try #require(recent["a"].plots[identity]?.changes)
        #expect(marks.map(\.time).sorted() == (10..<30).map { 1e9 + Double($0) })
        #expect(Set(marks.map(\.kind)) == [.regression])
    }
}
