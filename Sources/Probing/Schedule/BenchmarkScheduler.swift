package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import Synchronization

/// A benchmark that is to be run on schedule.
package struct ScheduledBenchmark: Sendable {
    package var definition: BenchmarkDefinition
    package var probe: any Probe
    /// The intended start of its last run before a restart, in seconds since 1970; keeps the phase of the schedule.
    package var lastIntendedAt: Double?

    package init(definition: BenchmarkDefinition, probe: any Probe, lastIntendedAt: Double?) {
        self.definition = definition
        self.probe = probe
        self.lastIntendedAt = lastIntendedAt
    }
}

/// Runs every benchmark on its own schedule, and takes up changes of the configuration while it does.
package actor BenchmarkScheduler<C: Clock> where C.Duration == Duration {
    private let nullTarget: any Probe
    private let ledger: BudgetLedger
    private let eventLoop: any EventLoop
    private let clock: C
    private let wallClock: @Sendable () -> Double
    private let deliver: @Sendable (RunRecord) async -> Void
    private let expectations = Expectations<C.Instant>()
    private let additions: AsyncStream<BenchmarkLoop<C>>
    private let addition: AsyncStream<BenchmarkLoop<C>>.Continuation
    private var loops: [String: BenchmarkLoop<C>] = [:]
    private var isStopped = false

    /// A scheduler that hands each record to `deliver` and begins the next run of that benchmark when it returns.
    ///
    /// `nullTarget`, which answers at once, and `eventLoop`, on which it and the probes are timed, show what the exporter
    /// itself adds; runs for which `ledger` has no tokens left are left out. `wallClock` gives seconds since 1970.
    package init(
        nullTarget: any Probe,
        ledger: BudgetLedger,
        eventLoop: any EventLoop,
        clock: C,
        wallClock: @escaping @Sendable () -> Double,
        deliver: @escaping @Sendable (RunRecord) async -> Void
    ) {
        self.nullTarget = nullTarget
        self.ledger = ledger
        self.eventLoop = eventLoop
        self.clock = clock
        self.wallClock = wallClock
        self.deliver = deliver
        (additions, addition) = AsyncStream.makeStream(of: BenchmarkLoop<C>.self)
    }

    /// Runs what is started until `stop` is called and every record is delivered, or the task is cancelled.
    @concurrent
    package nonisolated func run() async {
        await withDiscardingTaskGroup { group in
            for await loop in additions {
                group.addTask { await loop.run() }
            }
        }
    }

    /// Starts benchmarks, whose names are not running; after `stop` it does nothing.
    package func start(_ benchmarks: [ScheduledBenchmark]) {
        guard !isStopped else { return }
        for benchmark in benchmarks {
            let name = benchmark.definition.name
            let loop = BenchmarkLoop(
                benchmark: benchmark,
                nullTarget: nullTarget,
                ledger: ledger,
                eventLoop: eventLoop,
                clock: clock,
                wallClock: wallClock,
                deliver: deliver,
                expect: { [expectations] in expectations.set(name, $0) }
            )
            loops[name] = loop
            addition.yield(loop)
        }
    }

    /// Ends every benchmark that is not among `definitions` just as it is, delivers what it measured, and returns the
    /// definitions that do not run now.
    package func retain(_ definitions: [BenchmarkDefinition]) async -> [BenchmarkDefinition] {
        let kept = Set(definitions)
        let retired = loops.filter { !kept.contains($0.value.benchmark.definition) }
        for (name, loop) in retired {
            loops[name] = nil
            loop.stop.set()
        }
        for (name, loop) in retired {
            await loop.ended.wait()
            expectations.remove(name)
        }
        return definitions.filter { loops[$0.name] == nil }
    }

    /// Aborts all runs; `run` returns when their records are delivered.
    package func stop() {
        isStopped = true
        for loop in loops.values { loop.stop.set() }
        addition.finish()
    }

    /// What each benchmark that was started is doing, and when it goes on.
    package nonisolated var progress: [String: BenchmarkProgress] {
        let now = clock.now
        return expectations.all.mapValues {
            BenchmarkProgress(isRunning: $0.isRunning, timeLeft: now.duration(to: $0.instant))
        }
    }

    /// Whether a benchmark has not gone on for `tolerance` after the moment at which it should have.
    package nonisolated func isStandingStill(tolerance: Duration) -> Bool {
        guard let oldest = expectations.oldest else { return false }
        return oldest.advanced(by: tolerance) < clock.now
    }
}

/// What a benchmark is doing now.
package struct BenchmarkProgress: Hashable, Sendable {
    package var isRunning: Bool
    /// Until the next run begins, or the present one has ended at the latest; negative where that is late.
    package var timeLeft: Duration
}

/// When a benchmark goes on at the latest: with its next run, or from the end of the present one.
struct BenchmarkExpectation<Instant: Comparable & Sendable>: Sendable {
    var isRunning: Bool
    var instant: Instant
}

/// When each benchmark is expected to go on; leaf state that the health check reads at any time.
private final class Expectations<Instant: Comparable & Sendable>: Sendable {
    private let expected = Mutex<[String: BenchmarkExpectation<Instant>]>([:])

    var oldest: Instant? { expected.withLock { $0.values.map(\.instant).min() } }

    var all: [String: BenchmarkExpectation<Instant>] { expected.withLock { $0 } }

    func set(_ name: String, _ expectation: BenchmarkExpectation<Instant>) {
        expected.withLock { $0[name] = expectation }
    }

    func remove(_ name: String) {
        expected.withLock { $0[name] = nil }
    }
}
