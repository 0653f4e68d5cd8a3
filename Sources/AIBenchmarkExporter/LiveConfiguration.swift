import BenchmarkModel
import ExporterConfiguration
import Logging
import Probing
import Recording

/// The configuration in force, and the way from one to the next: benchmarks that stay the same notice nothing.
actor LiveConfiguration {
    private(set) var current: LoadedConfiguration
    /// What the API has changed of its schedule; `nil` where nobody has ever said anything.
    private var ordered: ContinuousOverride?
    private let scheduler: BenchmarkScheduler<ContinuousClock>
    private let recorder: Recorder
    private let probes: ProbeFactory
    private let turns: Turns
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
        override: ContinuousOverride?,
        scheduler: BenchmarkScheduler<ContinuousClock>,
        recorder: Recorder,
        probes: ProbeFactory,
        turns: Turns,
        stored: @escaping @Sendable (String) async -> BenchmarkState?,
        commit: @escaping @Sendable (BenchmarkState) async -> Void,
        publish: @escaping @Sendable () async -> Void,
        logger: Logger
    ) {
        current = loaded
        ordered = override
        self.scheduler = scheduler
        self.recorder = recorder
        self.probes = probes
        self.turns = turns
        self.stored = stored
        self.commit = commit
        self.publish = publish
        self.logger = logger
    }

    /// Starts the benchmarks of the configuration that the exporter started with; precedes every `replace`.
    func start() async {
        tellOverride()
        await start(scheduled)
    }

    /// What the API has changed of the schedule.
    var override: ContinuousOverride { ordered ?? ContinuousOverride() }

    /// The names of the benchmarks that `loaded` does not have just as they are.
    func changed(by loaded: LoadedConfiguration) -> Set<String> {
        Set(Set(current.configuration.benchmarks).subtracting(loaded.configuration.benchmarks).map(\.name))
    }

    /// The benchmarks, at the intervals that are in force, whether they are run on schedule or not.
    var benchmarks: [BenchmarkDefinition] { override.definitions(current.configuration.benchmarks) }

    /// The names of the benchmarks.
    var names: [String] { current.configuration.benchmarks.map(\.name) }

    /// The configuration, with benchmarks at the intervals that are in force.
    var inForce: ExporterConfiguration { override.applied(to: current.configuration) }

    /// The names of the benchmarks that are not run on schedule.
    var unscheduled: Set<String> { override.unscheduled(current.configuration.benchmarks) }

    private var scheduled: [BenchmarkDefinition] { benchmarks.filter { override.schedules($0.name) } }

    /// What the metrics say of the benchmarks.
    private var descriptions: [BenchmarkDescription] { override.descriptions(current.configuration.benchmarks) }

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
        tellOverride()
        await takeUp()
    }

    /// Takes up another schedule of the same benchmarks; calls must not overlap, nor with those of `replace`.
    func replace(_ override: ContinuousOverride) async {
        ordered = override
        await takeUp()
    }

    /// Takes up the schedule that a store knew which came late, unless somebody has ordered one by now.
    func inherit(_ earlier: ContinuousOverride) async {
        guard ordered == nil else { return }
        ordered = earlier
        tellOverride()
        await takeUp()
    }

    /// Says what is run otherwise than the configuration has it, and what of that means nothing any more.
    private func tellOverride() {
        guard override != ContinuousOverride() else { return }
        let definitions = current.configuration.benchmarks
        let unknown = override.unknown(among: definitions.map(\.name))
        let tooShort = override.withTooShortInterval(definitions)
        logger.log(
            level: unknown.isEmpty && tooShort.isEmpty ? .info : .warning,
            "the schedule is another one than the configuration's, as the API was told",
            metadata: [
                "schedule": "\(override.audited)", "not_scheduled": "\(unscheduled.sorted())", "unknown": "\(unknown)",
                "interval_not_above_timeout": "\(tooShort)",
            ]
        )
    }

    private func takeUp() async {
        let added = await scheduler.retain(scheduled)
        let (recorder, stored, descriptions) = (recorder, stored, descriptions)
        // Whoever has prepared a state, adopts it before the benchmark changes under it.
        let known = await recorder.exposedStates().map(\.benchmark)
        await turns.take(Set(known + names)) {
            // A benchmark that comes back goes on where it was: the store still has its counters, and after a restart they
            // would appear above zeros that were exposed meanwhile.
            var restored: [String: BenchmarkState] = [:]
            for name in added.map(\.name) { restored[name] = await stored(name) }
            await recorder.replaceBenchmarks(
                descriptions,
                restored: restored,
                epoch: Int64(WallClock.now * 1000),
                now: WallClock.now
            )
        }
        await publish()
        await probes.retain(benchmarks)
        await start(added)
    }

    private func start(_ benchmarks: [BenchmarkDefinition]) async {
        var scheduled: [ScheduledBenchmark] = []
        let (recorder, stored, commit) = (recorder, stored, commit)
        for definition in benchmarks {
            let name = definition.name
            let state = await turns.take(name) {
                let state = await recorder.state(of: name)
                // Zeros in the place of stored numbers are a publication too: a restart must not bring the numbers back.
                if let state, let old = await stored(name), old.version < state.version { await commit(state) }
                return state
            }
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
    func description(isScheduled: Bool) -> BenchmarkDescription {
        BenchmarkDescription(
            benchmark: name,
            category: category,
            probe: probe.kind,
            interval: isScheduled ? interval : nil,
            operations: operations.map { operation in
                OperationDescription(
                    identity: operation.identity,
                    objective: operation.objective,
                    traits: operation.traits,
                    targetKind: operation.target.kind,
                    targetEndpoint: operation.target.endpoint,
                    fingerprint: fingerprint(of: operation),
                    baselineParts: baselineParts
                )
            }
        )
    }
}
