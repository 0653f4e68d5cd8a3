import Alerting
import BenchmarkModel
import ExporterConfiguration
import Logging
import ServiceLifecycle

/// The alerts of the process as a service: judges them after each run and every 15 s, logs what has changed, shows it on
/// the board, and has it remembered.
///
/// A run that has finished only leaves its evidence here, so that no alert holds up a probe.
actor AlertEvaluation<EvaluationClock: Clock>: Service where EvaluationClock.Duration == Duration {
    /// What of the exporter's state alerts are judged by.
    struct Surroundings: Sendable {
        /// `nil` where there is no store.
        var isStoreUp: @Sendable () -> Bool?
        var undurableRuns: @Sendable () -> Int
        /// Whether the token budget of a target is spent.
        var isSpent: @Sendable (String) -> Bool
        /// The states that are exposed.
        var states: @Sendable () async -> [BenchmarkState]
        /// Stores what has to survive a restart; waits for nothing.
        var remember: @Sendable (AlertMemory) async -> Void
    }

    private let surroundings: Surroundings
    private let board: AlertBoard
    private let clock: EvaluationClock
    private let wallClock: @Sendable () -> Double
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private var evaluator: AlertEvaluator
    private var configuration: ExporterConfiguration
    /// The benchmarks that are not run on schedule now.
    private var unscheduled: Set<String>
    private var remembered: AlertMemory
    /// When a benchmark was last seen to be stopped or out of budget, in seconds since 1970: its silence counts from there.
    private var pausedAt: [BenchmarkIdentity: Double] = [:]

    /// The longest time between two evaluations.
    private static var interval: Duration { .seconds(15) }

    /// Goes on from `memory`; `wallClock` is in seconds since 1970.
    init(
        _ configuration: ExporterConfiguration,
        unscheduled: Set<String> = [],
        memory: AlertMemory,
        surroundings: Surroundings,
        board: AlertBoard,
        clock: EvaluationClock,
        wallClock: @escaping @Sendable () -> Double,
        logger: Logger
    ) {
        self.configuration = configuration
        self.unscheduled = unscheduled
        self.surroundings = surroundings
        self.board = board
        self.clock = clock
        self.wallClock = wallClock
        self.logger = logger
        evaluator = AlertEvaluator(configuration, memory: memory, at: wallClock())
        remembered = memory
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        board.replace(evaluator.alerts)
    }

    /// Takes a finished run into account soon.
    func record(_ run: RunRecord) {
        for operation in run.operations {
            evaluator.record(RunEvidence(operation, of: run), of: operation.identity)
        }
        waker.yield()
    }

    /// Goes on from what was remembered too, now that it can be read.
    func inherit(from memory: AlertMemory) async {
        evaluator.inherit(from: memory)
        waker.yield()
        await remember()
    }

    /// Watches what `configuration` says from now on; nobody expects runs of what is `unscheduled`.
    func adopt(_ configuration: ExporterConfiguration, unscheduled: Set<String> = []) {
        self.configuration = configuration
        self.unscheduled = unscheduled
        evaluator.adopt(configuration, at: wallClock())
        waker.yield()
    }

    func run() async {
        let (clock, wakes, waker) = (clock, wakes, waker)
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while (try? await clock.sleep(for: Self.interval)) != nil {
                        await self.evaluate()
                        await self.remember()
                    }
                }
                for await _ in wakes { await evaluate() }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            waker.finish()
        }
        await evaluate()
        await remember()
    }

    /// Evidence is stored every few seconds, a transition at once: neither is to be forgotten, or to be told of twice.
    private func evaluate() async {
        let signals = await signals()
        let transitions = evaluator.evaluate(signals, at: wallClock())
        for transition in transitions { log(transition) }
        if !transitions.isEmpty { await remember() }
        board.replace(evaluator.alerts)
    }

    private func remember() async {
        let memory = evaluator.memory
        guard memory != remembered else { return }
        remembered = memory
        await surroundings.remember(memory)
    }

    private func signals() async -> AlertSignals {
        let states = await surroundings.states()
        let now = wallClock()
        var benchmarks: [BenchmarkIdentity: BenchmarkSignals] = [:]
        let spent = configuration.benchmarks.filter { $0.tokenTargets.contains(where: surroundings.isSpent) }
        let paused = unscheduled.union(spent.map(\.name))
        for identity in states.flatMap(\.operations).map(\.identity) where paused.contains(identity.benchmark) {
            pausedAt[identity] = now
        }
        for state in states {
            for identity in state.operations.map(\.identity) {
                let finding = state.lastRun?.operation(identity)?.finding
                benchmarks[identity] = BenchmarkSignals(
                    lastCompletedAt: [state.lastRun?.completedAt, pausedAt[identity]].compactMap(\.self).max(),
                    isPaused: paused.contains(identity.benchmark),
                    degradation: finding.flatMap(Degradation.init),
                    slopePerHour: finding?.trend.flatMap { $0.isSignificant ? $0.slopeRatioPerHour : nil }
                )
            }
        }
        pausedAt = pausedAt.filter { benchmarks[$0.key] != nil }
        return AlertSignals(
            isStoreUp: surroundings.isStoreUp(),
            undurableRuns: surroundings.undurableRuns(),
            spentTargets: configuration.budgets.keys.filter(surroundings.isSpent).sorted(),
            benchmarks: benchmarks
        )
    }

    private func log(_ transition: AlertTransition) {
        var metadata: Logger.Metadata = [
            "alert": "\(transition.key.name.rawValue)", "severity": "\(transition.severity.rawValue)",
            "reason": "\(transition.reason)",
        ]
        for label in transition.key.subject.labels.labels where !label.value.isEmpty {
            metadata[label.name] = "\(label.value)"
        }
        switch transition.change {
        case .firing: logger.warning("alert firing", metadata: metadata)
        case .pending: logger.info("alert pending", metadata: metadata)
        case .resolved: logger.info("alert resolved", metadata: metadata)
        case .cancelled: logger.info("alert cancelled", metadata: metadata)
        }
    }
}

extension AlertSubject {
    /// The three labels of a benchmark; those that say nothing of this subject are empty, which to Prometheus is the same as
    /// if they were not there.
    var labels: LabelSet {
        switch self {
        case .exporter: LabelSet(BenchmarkIdentity(benchmark: "", operation: "", target: ""))
        case .target(let name): LabelSet(BenchmarkIdentity(benchmark: "", operation: "", target: name))
        case .benchmark(let identity): LabelSet(identity)
        }
    }
}

extension Degradation {
    /// `nil` where the finding is none.
    fileprivate init?(_ finding: RegressionFinding) {
        guard finding.state == .degraded else { return nil }
        self = finding.latency == .degradation ? .latency(ratio: finding.shift?.ratio ?? 1) : .failures
    }
}
