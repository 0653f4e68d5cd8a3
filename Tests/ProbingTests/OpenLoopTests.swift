import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOEmbedded
import Probing
import Testing

@Suite("An open loop", .timeLimit(.minutes(1))) struct OpenLoopTests {
    private let clock = ManualClock()

    @Test("a stall of 2 s in 10 s shows in the 95th percentile of the response time as the arithmetic has it")
    func stall() async {
        var service = SimulatedService(on: clock)
        service.stall = .seconds(4)..<(.seconds(6))
        let definition = definition(rate: 20, iterations: 200, concurrency: 100)
        let run = run(definition, service)
        async let measured = run.measure()
        for index in 0..<200 {
            await service.waitForRequests()
            let stalled = (80..<120).contains(index) ? index - 79 : 0
            await clock.waitForSleepers(stalled + (index < 199 ? 1 : 0))
            clock.advance(by: .milliseconds(50))
        }
        let result = await measured
        let statistics = result.records(of: definition.operations)[0].statistics
        // A fifth of the arrivals waits for up to 2 s, so a twentieth waits for more than 1.5 s.
        #expect(statistics?.latency?.p95 == 1.5)
        #expect(statistics?.latency?.max == 2)
        #expect(statistics?.latency?.p50 == 0)
        #expect(result.load == LoadFigures(peakInFlight: 40))
        #expect(result.isComplete)
    }

    @Test("the same stall hides from a closed loop, which asks nothing while it waits")
    func closedLoop() async {
        var service = SimulatedService(on: clock)
        service.stall = .seconds(4)..<(.seconds(6))
        service.latency = .milliseconds(50)
        let definition = BenchmarkDefinition.test(iterations: 200)
        let run = run(definition, service)
        async let measured = run.measure()
        for _ in 0..<200 {
            await clock.waitForSleepers()
            if let next = clock.deadlines.first { clock.advance(by: clock.now.duration(to: next)) }
        }
        let statistics = await measured.records(of: definition.operations)[0].statistics
        #expect(statistics?.latency?.p95 == 0.05)
        #expect(statistics?.latency?.max == 2.05)
    }

    @Test("an arrival that finds as many in flight as are allowed is a failure, and is not put off")
    func notIssued() async {
        var service = SimulatedService(on: clock)
        service.latency = .seconds(10)
        let asked = AsyncStream.makeStream(of: Int.self)
        let nullTarget = FixedProbe { asked.continuation.yield($0) }
        let run = run(definition(rate: 1, iterations: 2, concurrency: 1), service, nullTarget: nullTarget)
        async let measured = run.measure()
        await service.waitForRequests()
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(1))
        // After the warm-up and the first sample, the null target is asked behind the second arrival.
        for await number in asked.stream where number == 2 { break }
        clock.advance(by: .seconds(9))
        let result = await measured
        let failure = IterationFailure(.notIssued, "not issued: 1 in flight, as many as allowed")
        #expect(result.iterations.map(\.failure) == [failure, nil])
        #expect(result.iterations.map(\.responseTime) == [nil, .seconds(10)])
        #expect(result.isComplete)
        #expect(result.load?.peakInFlight == 1)
    }

    @Test("an arrival that is issued late counts from when it was due, and the exporter takes the blame")
    func lateWakeUp() async {
        let service = SimulatedService(on: clock)
        let run = run(definition(rate: 1, iterations: 2), service)
        async let measured = run.measure()
        await service.waitForRequests()
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(1400))
        let result = await measured
        #expect(result.iterations.map(\.responseTime) == [.zero, .milliseconds(400)])
        #expect(result.iterations.map(\.duration) == [.zero, .zero])
        #expect(result.floor?.duration == .milliseconds(400))
    }

    @Test("a step counts from when it would have begun had its iteration been on time")
    func lateSteps() async {
        let started = AsyncStream.makeStream(of: Void.self)
        let steps = StepsProbe { started.continuation.yield() }
        let run = run(definition(rate: 1, iterations: 2), steps)
        async let measured = run.measure()
        for await _ in started.stream { break }
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(1400))
        let operations = await measured.iterations.map { $0.operations.map(\.responseTime) }
        #expect(operations == [[.milliseconds(5), .milliseconds(7)], [.milliseconds(405), .milliseconds(407)]])
    }

    @Test("what had finished when a run was cancelled counts, and arrivals that were not due are no failures")
    func cancellation() async {
        var service = SimulatedService(on: clock)
        service.stall = .seconds(1)..<(.seconds(100))
        let run = run(definition(rate: 1, iterations: 10, concurrency: 5), service)
        let result = await withTaskGroup { group in
            group.addTask { await run.measure() }
            await service.waitForRequests()
            await clock.waitForSleepers()
            clock.advance(by: .seconds(1))
            await service.waitForRequests()
            await clock.waitForSleepers(2)
            group.cancelAll()
            return await group.next()
        }
        #expect(result?.iterations.map(\.failure) == [nil])
        #expect(result?.isComplete == false)
    }

    @Test("an iteration that finds the budget spent ends the run, and what had finished counts")
    func spentBudget() async {
        // Each iteration lets the next arrive.
        let probe = EndingProbe(at: 2) { clock.advance(by: .seconds(1)) }
        let result = await run(definition(rate: 1, iterations: 1000, concurrency: 1000), probe).measure()
        #expect(!result.isComplete)
        #expect(probe.count < 500)
        #expect(result.iterations.count == probe.count - 1)
    }

    @Test("the warm-up is a closed loop")
    func warmUp() async {
        let service = SimulatedService(on: clock)
        let run = run(definition(rate: 1, iterations: 1, warmup: 3), service)
        let result = await run.measure()
        #expect(result.warmupIterations.count == 3)
        #expect(result.warmupIterations.allSatisfy { $0.responseTime == nil })
        #expect(result.iterations.map(\.responseTime) == [.zero])
    }

    @Test("a run has ended within the time for its arrivals and that of one iteration")
    func longestDuration() {
        let run = run(definition(rate: 20, iterations: 100, concurrency: 5, warmup: 3), FixedProbe())
        // Preparing and warming up 1.1 s each, 5 s for the arrivals, 1.1 s for the last; cleaning up 1 s, the floor 4.4 s.
        #expect(run.longestDuration == .milliseconds(13_700))
    }

    private func definition(
        rate: Double,
        iterations: Int,
        concurrency: Int = 1,
        warmup: Int = 0
    ) -> BenchmarkDefinition {
        .test(
            iterations: iterations,
            warmup: warmup,
            concurrency: concurrency,
            category: .concurrentOperations,
            arrival: ArrivalDefinition(pattern: .constant, rate: rate),
            objective: Objective(metric: .response)
        )
    }

    private func run(
        _ definition: BenchmarkDefinition,
        _ probe: any Probe,
        nullTarget: any Probe = FixedProbe()
    ) -> BenchmarkRun<ManualClock> {
        BenchmarkRun(
            definition,
            probe: probe,
            nullTarget: nullTarget,
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: clock
        )
    }
}

/// A sequence of two measured steps, of 5 and 7 ms.
private struct StepsProbe: Probe {
    let begin: @Sendable () -> Void

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        begin()
        let steps = [5, 7].map { IterationOutcome(duration: .milliseconds($0)) }
        return IterationOutcome(duration: .milliseconds(12), operations: steps)
    }
}
