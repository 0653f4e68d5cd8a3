import BenchmarkModel
import ExporterConfiguration
import Logging
import Probing
import Recording

/// The configuration in force, and the way from one to the next: benchmarks that stay the same notice nothing.
actor LiveConfiguration {
    private(set) var current: LoadedConfiguration
    private let scheduler: BenchmarkScheduler<ContinuousClock>
    private let recorder: Recorder
    private let probes: ProbeFactory
    private let stored: @Sendable (String) async -> BenchmarkState?
    private let commit: @Sendable (BenchmarkState) async -> Void
    private let publish: @Sendable () async -> Void
    private let logger: Logger

    /// Takes up nothing yet.
    ///
    /// `stored` is the latest state of a benchmark that was committed or restored, `commit` stores another; `publish`
    /// exposes what the recorder knows.
    init(
        _ loaded: LoadedConfiguration,
        scheduler: BenchmarkScheduler<ContinuousClock>,
        recorder: Recorder,
        probes: ProbeFactory,
        stored: @escaping @Sendable (String) async -> BenchmarkState?,
        commit: @escaping @Sendable (BenchmarkState) async -> Void,
        publish: @escaping @Sendable () async -> Void,
        logger: Logger
    ) {
        current = loaded
        self.scheduler = scheduler
        self.recorder = recorder
        self.probes = probes
        self.stored = stored
        self.commit = commit
        self.publish = publish
        self.logger = logger
    }

    /// Starts the benchmarks of the configuration that the exporter started with; precedes every `replace`.
    func start() async {
        await start(current.configuration.benchmarks)
    }

    /// Takes up `loaded`; calls must not overlap.
    ///
    /// Budgets hold at once. Benchmarks that are gone or changed end first and their last run is recorded, then their series go, then the new
    /// ones start.
    func replace(with loaded: LoadedConfiguration) async {
        let old = current.configuration
        let new = loaded.configuration
        if old.instance != new.instance || old.store != new.store {
            logger.warning("a changed instance or store takes effect at the next start")
        }
        current = loaded
        await probes.replaceBudgets(new.budgets)
        let added = await scheduler.retain(new.benchmarks)
        // A benchmark that comes back goes on where it was: the store still has its counters, and after a restart they
        // would appear above zeros that were exposed meanwhile.
        var restored: [String: BenchmarkState] = [:]
        for name in added.map(\.name) { restored[name] = await stored(name) }
        await recorder.replaceBenchmarks(
            new.benchmarks.map(\.description),
            restored: restored,
            epoch: Int64(WallClock.now * 1000),
            now: WallClock.now
        )
        await publish()
        await probes.retain(new.benchmarks)
        await start(added)
    }

    private func start(_ benchmarks: [BenchmarkDefinition]) async {
        var scheduled: [ScheduledBenchmark] = []
        for definition in benchmarks {
            let name = definition.name
            let state = await recorder.state(of: name)
            // Zeros in the place of stored numbers are a publication too: a restart must not bring the numbers back.
            if let state, let old = await stored(name), old.version < state.version { await commit(state) }
            scheduled.append(
                ScheduledBenchmark(
                    definition: definition,
                    probe: await probes.probe(for: definition),
                    lastIntendedAt: state?.lastIntendedAt
                )
            )
        }
        await scheduler.start(scheduled)
    }
}

extension BenchmarkDefinition {
    /// What the metrics say of the benchmark.
    var description: BenchmarkDescription {
        BenchmarkDescription(
            benchmark: name,
            category: category,
            probe: probe.kind,
            interval: interval,
            operations: operations.map { operation in
                OperationDescription(
                    identity: operation.identity,
                    objective: operation.objective,
                    traits: operation.traits,
                    targetKind: operation.target.kind,
                    targetEndpoint: operation.target.endpoint,
                    fingerprint: fingerprint(of: operation)
                )
            }
        )
    }
}
