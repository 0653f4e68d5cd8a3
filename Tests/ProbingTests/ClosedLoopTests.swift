import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOEmbedded
import Probing
import Testing

@Suite("A closed loop", .timeLimit(.minutes(1))) struct ClosedLoopTests {
    private let clock = ManualClock()

    @Test("workers that do not hinder each other are as efficient as one, and their peak in flight is measured")
    func parallelService() async {
        var service = SimulatedService(on: clock)
        service.latency = .seconds(1)
        let run = run(iterations: 4, concurrency: 2, service)
        async let measured = run.measure()
        for workers in [2, 2, 1, 1, 1, 1] {
            await clock.waitForSleepers(workers)
            clock.advance(by: .seconds(1))
        }
        let result = await measured
        #expect(result.load == LoadFigures(peakInFlight: 2, efficiency: 1))
        #expect(result.iterations.count == 4)
        #expect(result.elapsed == .seconds(2))
    }

    @Test("workers that a service serves one after the other are as efficient as their number says")
    func serialService() async throws {
        let service = FixedProbe { _ in clock.advance(by: .seconds(1)) }
        let result = await run(iterations: 20, concurrency: 5, warmup: 3, service).measure()
        // One worker asks the null target in the middle, and what the others move the clock meanwhile, at most by all of
        // their 16 iterations, counts as his pause.
        let efficiency = try #require(result.load?.efficiency)
        let longestPause = 16.0 / 5
        #expect(efficiency >= 1.0 / 5)
        #expect(efficiency <= 20 / (20 - longestPause) / 5)
        #expect(result.iterations.count == 20)
        // The iterations of the one worker cost the same as those of the warm-up.
        #expect(result.warmupIterations.count == 3 + 10)
        #expect(service.count == 3 + 20 + 10)
    }

    @Test(
        "efficiency is measured only where several workers load a service to see what it can do",
        arguments: [(BenchmarkCategory.concurrentOperations, 1), (.healthCheck, 4)]
    )
    func noReference(category: BenchmarkCategory, concurrency: Int) async {
        let service = FixedProbe { _ in clock.advance(by: .seconds(1)) }
        let result = await run(iterations: 4, concurrency: concurrency, category: category, service).measure()
        #expect(result.load?.efficiency == nil)
        #expect(service.count == 4)
    }

    @Test("a service that fails when one worker asks it has no efficiency")
    func failingService() async {
        let result = await run(iterations: 4, concurrency: 2, FailingProbe()).measure()
        #expect(result.load?.efficiency == nil)
        #expect(result.isComplete)
    }

    @Test(
        "an iteration that finds the budget spent ends the run, of which nothing is held against one worker",
        arguments: [(0, 1), (3, 1), (3, 5)]
    )
    func spentBudget(warmup: Int, end: Int) async {
        let probe = EndingProbe(at: end)
        let result = await run(iterations: 10_000, concurrency: 2, warmup: warmup, probe).measure()
        #expect(!result.isComplete)
        #expect(probe.count < 5000)
        #expect(end >= warmup || result.iterations.isEmpty)
        #expect(result.warmupIterations.count <= warmup)
        #expect(result.load?.efficiency == nil)
    }

    @Test(
        "a run has ended within the time for as many rounds as its workers take",
        arguments: [
            // Preparing 1.1 s, warming up 1.1 s, cleaning up 1 s, the floor 4.4 s; and then rounds of 1.1 s.
            (BenchmarkCategory.healthCheck, 10, 5, 7600 + 2 * 1100), (.healthCheck, 11, 5, 7600 + 3 * 1100),
            (.healthCheck, 2, 5, 7600 + 1100), (.concurrentOperations, 20, 5, 7600 + (4 + 10) * 1100),
        ]
    )
    func longestDuration(category: BenchmarkCategory, iterations: Int, concurrency: Int, milliseconds: Int) {
        let run = run(iterations: iterations, concurrency: concurrency, warmup: 3, category: category, FixedProbe())
        #expect(run.longestDuration == .milliseconds(milliseconds))
    }

    private func run(
        iterations: Int,
        concurrency: Int,
        warmup: Int = 0,
        category: BenchmarkCategory = .concurrentOperations,
        _ probe: any Probe
    ) -> BenchmarkRun<ManualClock> {
        BenchmarkRun(
            .test(iterations: iterations, warmup: warmup, concurrency: concurrency, category: category),
            probe: probe,
            nullTarget: FixedProbe(),
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: clock
        )
    }
}
