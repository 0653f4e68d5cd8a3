import Alerting
import Analysis
import BenchmarkModel
import ExporterConfiguration
import Probing
import Recording
import SnapshotStore

/// Where the pages have from what they show.
struct StatusPageSource: Sendable {
    let telemetryPath: String
    let live: LiveConfiguration
    let recorder: Recorder
    let runs: ManualRuns
    let memory: PageMemory
    /// By the name of the benchmark.
    let progress: @Sendable () -> [String: BenchmarkProgress]
    /// `nil` where nothing is kept.
    let store: @Sendable () -> StoreStatus?
    /// What the targets have cost.
    let spending: @Sendable (Set<String>) -> [String: TokenSpending]

    /// All of it as it is at `now`, in seconds since 1970.
    func facts(at now: Double) async -> PageFacts {
        let configuration = await live.current.configuration
        let override = await live.override
        let states = await recorder.exposedStatesByName()
        let progress = progress()
        let benchmarks = override.definitions(configuration.benchmarks).map { definition in
            let name = definition.name
            var facts = BenchmarkFacts(definition, states[name], memory.runs[name])
            facts.isScheduled = override.schedules(name)
            if let progress = progress[name], facts.isScheduled {
                facts.isRunning = progress.isRunning
                facts.nextRunAt = progress.isRunning ? nil : now + max(0, progress.timeLeft.seconds)
            }
            for index in facts.operations.indices {
                let identity = facts.operations[index].identity
                facts.operations[index].marks += memory.alerts.marks(of: identity, since: now - LatencyTimeline.span)
            }
            return facts
        }
        return PageFacts(
            now: now,
            instance: configuration.instance,
            telemetryPath: telemetryPath,
            benchmarks: benchmarks,
            schedule: override,
            manualRun: runs.current.map { ManualRunFacts(id: $0.id, benchmarks: $0.request.benchmarks) },
            alerts: memory.board.alerts.compactMap(AlertFacts.init).sorted { $0.rank < $1.rank },
            budgets: budgets(configuration.budgets),
            store: store().map { StoreFacts(kind: configuration.store.location.kind, status: $0) },
            management: configuration.api.tokens.isEmpty ? nil : ManagementAPI.base
        )
    }

    private func budgets(_ budgets: [String: BudgetDefinition]) -> [BudgetFacts] {
        let spending = spending(Set(budgets.keys))
        return budgets.sorted { $0.key < $1.key }.flatMap { target, budget in
            let limits = [
                ("hour", budget.tokensPerHour, spending[target]?.tokensOfHour),
                ("day", budget.tokensPerDay, spending[target]?.tokensOfDay),
            ]
            return limits.compactMap { period, limit, spent in
                limit.map { BudgetFacts(target: target, period: period, spent: spent ?? 0, limit: $0) }
            }
        }
    }
}

extension BenchmarkFacts {
    fileprivate init(_ definition: BenchmarkDefinition, _ state: BenchmarkState?, _ past: RecentRuns.Past) {
        let operations = definition.operations
        let objectives = Dictionary(operations.map { ($0.identity, $0.objective) }) { first, _ in first }
        self.init(
            name: definition.name,
            category: definition.category.rawValue,
            probe: definition.probe.kind,
            interval: definition.interval.seconds,
            operations: operations.map { operation in
                let identity = operation.identity
                // What was measured under another objective cannot be held against this one.
                let last = state?.lastRun?.operation(identity).flatMap {
                    $0.objective == operation.objective ? $0 : nil
                }
                let plot = past.plots[identity].flatMap { $0.objective == operation.objective ? $0 : nil }
                return OperationFacts(
                    identity: identity,
                    objective: operation.objective,
                    state: state?.operation(identity),
                    last: last,
                    lastRunAt: state?.lastRun?.completedAt,
                    failure: past.failures[identity],
                    timeline: plot?.timeline ?? LatencyTimeline(),
                    finding: last?.finding,
                    marks: plot?.changes ?? []
                )
            },
            runs: past.runs(under: objectives)
        )
    }

    /// With the figures of the baselines, which take some computing.
    var withBaselines: Self {
        var facts = self
        for index in facts.operations.indices {
            guard let baseline = facts.operations[index].state?.baseline else { continue }
            let time = facts.operations[index].lastRunAt ?? 0
            facts.operations[index].finding = RegressionDetector.finding(of: baseline[time])
        }
        return facts
    }
}

extension AlertFacts {
    /// `nil` for one that is nothing of the kind.
    init?(_ alert: ProcessAlert) {
        switch alert.phase {
        case .inactive: return nil
        case .pending(let since, _): (state, self.since) = (.pending, since)
        case .firing(let since, _): (state, self.since) = (.firing, since)
        case .resolved(_, let at): (state, self.since) = (.resolved, at)
        }
        name = alert.key.name.rawValue
        severity = alert.severity
        reason = alert.reason
        switch alert.key.subject {
        case .exporter: subject = "the exporter"
        case .target(let target): subject = target
        case .benchmark(let identity):
            subject = "\(identity.operation) · \(identity.target)"
            benchmark = identity.benchmark
        }
    }

    /// What fires comes first, of that what is most severe, and of that what fires for the longest.
    fileprivate var rank: (Int, Int, Double) {
        let rank =
            switch state {
            case .firing: 0
            case .pending: 1
            case .resolved: 2
            }
        return (rank, severity.rank, since)
    }
}

extension AlertSeverity {
    fileprivate var rank: Int {
        switch self {
        case .critical: 0
        case .warning: 1
        case .info: 2
        case .none: 3
        }
    }
}

extension StoreLocation {
    /// For people.
    fileprivate var kind: String {
        switch self {
        case .none: "none"
        case .sqlite: "SQLite"
        case .redis: "Redis"
        }
    }
}
