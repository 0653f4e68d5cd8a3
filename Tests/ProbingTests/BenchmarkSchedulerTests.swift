import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Probing

@Suite(.timeLimit(.minutes(1))) struct BenchmarkSchedulerTests {
    @Test("a run warms up, measures, and is delivered; the next one starts on the grid")
    func runs() async throws {
        let fixture = Fixture()
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark(iterations: 4, warmup: 2, concurrency: 2)])
            let first = try #require(await fixture.nextRecord())
            #expect(first.outcome == .completed)
            #expect(first.operations[0].iterations.count == 4)
            #expect(first.operations[0].warmupIterations.count == 2)
            #expect(first.intendedAt == 1000)
            #expect((1...2).contains(first.load?.peakInFlight ?? 0))
            #expect(fixture.probe.calls == Calls(prepared: 1, executed: 6, cleanedUp: 1))
            await fixture.clock.waitForSleepers()
            #expect(fixture.clock.deadlines == [ManualClock.Instant(offset: .seconds(60))])
            fixture.clock.advance(by: .seconds(61))
            let second = try #require(await fixture.nextRecord())
            #expect(second.lateness == .seconds(1))
            #expect(second.intendedAt == 1060)
        }
    }

    @Test("slots that passed while the process stood still are missed runs of the next record")
    func missed() async throws {
        let fixture = Fixture()
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark()])
            _ = await fixture.nextRecord()
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(200))
            let record = try #require(await fixture.nextRecord())
            #expect(record.missedSlots == 2)
            #expect(record.lateness == .seconds(20))
        }
    }

    @Test("slots that pass during a run are counted in its record")
    func overlap() async throws {
        let fixture = Fixture()
        fixture.probe.duringExecution { fixture.clock.advance(by: .seconds(65)) }
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark(iterations: 1)])
            let record = try #require(await fixture.nextRecord())
            #expect(record.skippedSlots == 1)
            #expect(record.operations[0].statistics?.throughput == 1.0 / 65)
        }
    }

    @Test("a stop aborts the run in progress, cleans up, and delivers what had finished")
    func stop() async throws {
        let fixture = Fixture()
        fixture.probe.hang(after: 3)
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark(iterations: 10)])
            await fixture.probe.waitUntilHanging()
            await fixture.scheduler.stop()
            let record = try #require(await fixture.nextRecord())
            #expect(record.outcome == .aborted)
            #expect(record.operations[0].iterations.count == 3)
            #expect(fixture.probe.calls.cleanedUp == 1)
        }
    }

    @Test("a probe that cannot be prepared fails every iteration of its run")
    func failedPreparation() async throws {
        let fixture = Fixture()
        fixture.probe.failPreparation(with: IterationFailure(.connect, "refused"))
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark(iterations: 5)])
            let record = try #require(await fixture.nextRecord())
            #expect(record.operations[0].iterations.map(\.failure?.reason) == Array(repeating: .connect, count: 5))
            #expect(fixture.probe.calls == Calls(prepared: 1, executed: 0, cleanedUp: 1))
        }
    }

    @Test("a change of the configuration ends what has gone and leaves the rest alone")
    func retain() async throws {
        let fixture = Fixture()
        try await fixture.whileRunning {
            let kept = fixture.benchmark(name: "kept")
            let changed = fixture.benchmark(name: "changed")
            await fixture.scheduler.start([kept, changed])
            await fixture.clock.waitForSleepers(2)
            let edited = fixture.benchmark(name: "changed", iterations: 7)
            let added = await fixture.scheduler.retain([kept.definition, edited.definition])
            #expect(added == [edited.definition])
            #expect(fixture.clock.deadlines.count == 1)
        }
    }

    @Test(
        "a run that asks a language model of a target whose budget is spent is left out and counted, until there are tokens again"
    )
    func spentBudget() async throws {
        let fixture = Fixture()
        fixture.ledger.book(100, on: "t")
        let probe = ProbeDefinition.languageModel(.small, .local(1))
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark(probe, iterations: 4)])
            let skipped = try #require(await fixture.nextRecord())
            #expect(skipped.outcome == .skippedBudget)
            #expect(skipped.operations.map(\.identity.target) == ["t"])
            #expect(skipped.operations[0].iterations.isEmpty)
            #expect(skipped.spending["t"]?.tokensOfHour == 100)
            #expect(fixture.probe.calls == Calls())
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(2640))
            let run = try #require(await fixture.nextRecord())
            #expect(run.outcome == .completed)
            #expect(run.missedSlots == 43)
            #expect(run.spending["t"]?.tokensOfHour == 0)
            #expect(run.spending["t"]?.tokensOfDay == 100)
        }
    }

    @Test("whatever asks no language model goes on when the budget is spent")
    func freeBenchmark() async throws {
        let fixture = Fixture()
        fixture.ledger.book(100, on: "t")
        try await fixture.whileRunning {
            await fixture.scheduler.start([fixture.benchmark()])
            let record = try #require(await fixture.nextRecord())
            #expect(record.outcome == .completed)
            #expect(record.spending == [:])
        }
    }

    @Test("a benchmark that does not go on when it should is standing still")
    func standstill() async throws {
        let fixture = Fixture()
        try await fixture.whileRunning {
            #expect(!fixture.scheduler.isStandingStill(tolerance: .zero))
            fixture.probe.hang(after: 0)
            await fixture.scheduler.start([fixture.benchmark()])
            await fixture.probe.waitUntilHanging()
            #expect(!fixture.scheduler.isStandingStill(tolerance: .seconds(30)))
            fixture.clock.advance(by: .seconds(3600))
            #expect(fixture.scheduler.isStandingStill(tolerance: .seconds(30)))
        }
    }
}

/// How often each part of a probe was called.
private struct Calls: Hashable {
    var prepared = 0
    var executed = 0
    var cleanedUp = 0
}

/// A probe that does what a test tells it to.
private final class ScriptedProbe: Probe {
    private struct State {
        var calls = Calls()
        var hangsAfter: Int?
        var preparationFailure: IterationFailure?
        var duringExecution: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let hanging = AsyncStream.makeStream(of: Void.self)

    var calls: Calls { state.withLock(\.calls) }

    func hang(after executions: Int) { state.withLock { $0.hangsAfter = executions } }
    func failPreparation(with failure: IterationFailure) { state.withLock { $0.preparationFailure = failure } }
    func duringExecution(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.duringExecution = action } }

    func waitUntilHanging() async {
        for await _ in hanging.stream { return }
    }

    func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? {
        state.withLock { state in
            state.calls.prepared += 1
            return state.preparationFailure
        }
    }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        let (hangs, action) = state.withLock { state in
            let hangs = state.calls.executed == state.hangsAfter
            state.calls.executed += 1
            return (hangs, state.duringExecution)
        }
        action?()
        if hangs {
            hanging.continuation.yield()
            await untilCancelled()
            throw CancellationError()
        }
        return IterationOutcome(duration: .milliseconds(1))
    }

    func cleanUp(deadline: NIODeadline) async {
        state.withLock { $0.calls.cleanedUp += 1 }
    }

    private func untilCancelled() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in stream {}
        continuation.finish()
    }
}

/// A scheduler on a manual clock, with its records as a stream.
private struct Fixture {
    let clock = ManualClock()
    let probe = ScriptedProbe()
    let ledger: BudgetLedger
    let scheduler: BenchmarkScheduler<ManualClock>
    private let records: AsyncStream<RunRecord>
    private let delivery: AsyncStream<RunRecord>.Continuation

    init() {
        let (records, delivery) = AsyncStream.makeStream(of: RunRecord.self)
        self.records = records
        self.delivery = delivery
        let clock = clock
        let ledger = BudgetLedger.test(
            ["t": BudgetDefinition(tokensPerHour: 100)],
            now: { 1000 + clock.now.offset.seconds }
        )
        self.ledger = ledger
        scheduler = BenchmarkScheduler(
            nullTarget: FixedProbe(),
            ledger: ledger,
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: clock,
            wallClock: { 1000 + clock.now.offset.seconds },
            deliver: { delivery.yield($0) }
        )
    }

    func benchmark(
        _ probe: ProbeDefinition = .redis(
            RedisProbeDefinition(command: ["PING"]),
            RedisEndpoint(host: "127.0.0.1", port: 6379, database: 0)
        ),
        name: String = "b",
        iterations: Int = 1,
        warmup: Int = 0,
        concurrency: Int = 1
    ) -> ScheduledBenchmark {
        ScheduledBenchmark(
            definition: .test(probe, name: name, iterations: iterations, warmup: warmup, concurrency: concurrency),
            probe: self.probe,
            lastIntendedAt: nil
        )
    }

    /// The next record that the scheduler delivers.
    func nextRecord() async -> RunRecord? {
        for await record in records { return record }
        return nil
    }

    /// Runs the scheduler around `body` and stops it in the end.
    func whileRunning(_ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run() }
            do {
                try await body()
            } catch {
                await scheduler.stop()
                throw error
            }
            await scheduler.stop()
        }
    }
}
