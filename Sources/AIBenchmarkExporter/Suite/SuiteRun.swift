import Analysis
import BenchmarkModel
import ExporterConfiguration
import Logging
import NIOCore
import NIOPosix
import Probing

/// Runs benchmarks once, one after the other, so that none disturbs another.
struct SuiteRun: Sendable {
    let benchmarks: [BenchmarkDefinition]
    let budgets: [String: BudgetDefinition]
    let progress: SuiteProgress
    let logger: Logger

    /// What was measured; of the benchmark in progress, when the task is cancelled, what had finished.
    func run() async throws -> SuiteMeasurements {
        let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let resolver = NameResolver()
        let ledger = BudgetLedger(budgets: budgets, restored: [], now: { WallClock.now }, logger: logger)
        let probes = ProbeFactory(eventLoop: eventLoop, resolver: resolver, ledger: ledger)
        let nullTarget = try await NullTarget.bind(on: eventLoop, resolver: resolver)
        var measurements = SuiteMeasurements()
        for benchmark in benchmarks where !Task.isCancelled {
            let run = BenchmarkRun(
                benchmark,
                probe: await probes.probe(for: benchmark),
                nullTarget: nullTarget,
                eventLoop: eventLoop,
                clock: ContinuousClock(),
                observer: { progress.note($0) }
            )
            let startedAt = WallClock.now
            progress.begin(benchmark)
            let result = await run.measure()
            await run.cleanUp()
            var record = RunRecord(
                benchmark: benchmark.name,
                outcome: result.isComplete ? .completed : .aborted,
                intendedAt: startedAt,
                completedAt: WallClock.now,
                lateness: .zero,
                operations: result.records(of: benchmark.operations),
                floor: result.floor,
                load: result.load
            )
            for index in record.operations.indices { record.operations[index].judgeConfidence() }
            progress.end(record)
            measurements.add(record, of: benchmark, isSpent: ledger.isSpent)
        }
        return measurements
    }
}
