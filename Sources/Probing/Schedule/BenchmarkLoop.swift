package import BenchmarkModel
package import ExporterConfiguration
import NIOCore

/// The life of one scheduled benchmark: wait for the slot, run, hand the record over, again.
struct BenchmarkLoop<C: Clock>: Sendable where C.Duration == Duration {
    let benchmark: ScheduledBenchmark
    let nullTarget: any Probe
    let ledger: BudgetLedger
    let eventLoop: any EventLoop
    let clock: C
    /// Seconds since 1970.
    let wallClock: @Sendable () -> Double
    /// Makes a record durable and exposes it.
    let deliver: @Sendable (RunRecord) async -> Void
    /// Told, before each wait, when the wait is over at the latest.
    let expect: @Sendable (BenchmarkExpectation<C.Instant>) -> Void
    /// Set from outside to end the loop; a run in progress is aborted and still delivered.
    let stop = StopSignal()
    /// Set by the loop when it has ended.
    let ended = StopSignal()

    /// Runs until `stop` is set or the task is cancelled.
    @concurrent
    func run() async {
        let definition = benchmark.definition
        let run = BenchmarkRun(
            definition,
            probe: benchmark.probe,
            nullTarget: nullTarget,
            eventLoop: eventLoop,
            clock: clock
        )
        let delay = FirstStart.delay(
            now: wallClock(),
            lastIntendedAt: benchmark.lastIntendedAt,
            interval: definition.interval,
            startJitter: definition.startJitter,
            jitter: .random(in: 0...1)
        )
        var schedule = FixedRateSchedule(
            first: clock.now.advanced(by: delay),
            interval: definition.interval,
            overlap: definition.overlap
        )
        while true {
            let nextStart = schedule.nextStart
            expect(BenchmarkExpectation(isRunning: false, instant: nextStart))
            await stop.unlessSet { try? await clock.sleep(until: nextStart, tolerance: nil) }
            if stop.isSet || Task.isCancelled { break }

            let now = clock.now
            let start = schedule.begin(at: now)
            let lateness = max(.zero, start.intended.duration(to: now))
            let intendedAt = wallClock() - lateness.seconds
            let tokenTargets = definition.tokenTargets
            if tokenTargets.contains(where: ledger.isSpent) {
                let record = RunRecord(
                    benchmark: definition.name,
                    outcome: .skippedBudget,
                    intendedAt: intendedAt,
                    completedAt: wallClock(),
                    lateness: lateness,
                    operations: definition.operations.map(OperationRecord.init(notMeasured:)),
                    missedSlots: start.missedSlots,
                    skippedSlots: schedule.end(at: clock.now),
                    spending: ledger.spending(of: tokenTargets)
                )
                await deliver(record)
                continue
            }
            expect(BenchmarkExpectation(isRunning: true, instant: now.advanced(by: run.longestDuration)))
            guard let result = await stop.unlessSet({ await run.measure() }) else { break }
            await run.cleanUp()
            let record = RunRecord(
                benchmark: definition.name,
                outcome: result.isComplete ? .completed : .aborted,
                intendedAt: intendedAt,
                completedAt: wallClock(),
                lateness: lateness,
                operations: result.records(of: definition.operations),
                missedSlots: start.missedSlots,
                skippedSlots: schedule.end(at: clock.now),
                floor: result.floor,
                spending: ledger.spending(of: tokenTargets),
                load: result.load
            )
            await deliver(record)
        }
        ended.set()
    }
}

extension OperationRecord {
    /// The record of an operation in a run that did not begin.
    package init(notMeasured operation: OperationDefinition) {
        self.init(
            identity: operation.identity,
            objective: operation.objective,
            warmupIterations: [],
            iterations: [],
            elapsed: .zero
        )
    }
}
