import BenchmarkModel
import ExporterConfiguration
import NIOCore
import Probing

/// Runs a benchmark because somebody asked, beside its schedule: with a run of its own over the same probes and the same
/// connections.
struct RequestedMeasurement: Sendable {
    let probes: ProbeFactory
    let nullTarget: any Probe
    let ledger: BudgetLedger
    let eventLoop: any EventLoop
    /// Stores what targets have cost by now, as the record may be nobody's.
    let keepSpending: @Sendable () async -> Void

    /// What a run may have otherwise than its definition; `nil` for the same.
    struct Settings: Hashable, Sendable {
        var iterations: Int?
        var warmupIterations: Int?
        var concurrency: Int?

        /// `definition` with what is otherwise.
        func applied(to definition: BenchmarkDefinition) -> BenchmarkDefinition {
            var changed = definition
            changed.iterations = iterations ?? definition.iterations
            changed.warmupIterations = warmupIterations ?? definition.warmupIterations
            changed.concurrency = concurrency ?? definition.concurrency
            return changed
        }
    }

    /// The record of one run of `definition`, which is aborted when `stop` is set and has cleaned up before `deadline`.
    func record(
        of definition: BenchmarkDefinition,
        _ settings: Settings = Settings(),
        until stop: StopSignal,
        before deadline: NIODeadline = .distantFuture
    ) async -> RunRecord {
        let startedAt = WallClock.now
        let targets = definition.tokenTargets
        guard !targets.contains(where: ledger.isSpent) else {
            return RunRecord(
                benchmark: definition.name,
                outcome: .skippedBudget,
                intendedAt: startedAt,
                completedAt: startedAt,
                lateness: .zero,
                operations: definition.operations.map(OperationRecord.init(notMeasured:)),
                spending: ledger.spending(of: targets),
                isScheduled: false
            )
        }
        let run = BenchmarkRun(
            settings.applied(to: definition),
            probe: await probes.probe(for: definition),
            nullTarget: nullTarget,
            eventLoop: eventLoop,
            clock: ContinuousClock()
        )
        let result = await stop.unlessSet { await run.measure() }
        await run.cleanUp(before: deadline)
        if !targets.isEmpty { await keepSpending() }
        var record = RunRecord(
            benchmark: definition.name,
            outcome: result?.isComplete == true ? .completed : .aborted,
            intendedAt: startedAt,
            completedAt: WallClock.now,
            lateness: .zero,
            operations: result?.records(of: definition.operations) ?? [],
            floor: result?.floor,
            spending: ledger.spending(of: targets),
            load: result?.load,
            isScheduled: false
        )
        for index in record.operations.indices { record.operations[index].judgeConfidence() }
        return record
    }
}
