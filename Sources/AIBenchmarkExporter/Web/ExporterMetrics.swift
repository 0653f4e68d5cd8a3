import Alerting
import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import Recording
import SnapshotStore
import Synchronization

/// The families that change by themselves, filled in at each scrape: the exporter's own state and that of its process.
final class ExporterMetrics: Sendable {
    private struct Request: Hashable {
        var handler: String
        var status: Int
    }

    private struct State {
        var requests: [Request: UInt64] = [:]
        var reloadSucceeded = true
        var lastReload: Double?
        var floor: Double?
        var languageModelOperations: [BenchmarkIdentity] = []
    }

    private let state = Mutex(State())
    private let alerts: AlertBoard
    private let storeStatus: @Sendable () -> StoreStatus?
    private let eventLoopLag: @Sendable () -> Double?
    private let remainingTokens: @Sendable (String) -> Int?

    /// `storeStatus` answers `nil` where there is no store, `eventLoopLag`, in seconds, before it is known, and
    /// `remainingTokens` for a target without a budget of tokens.
    init(
        alerts: AlertBoard,
        storeStatus: @escaping @Sendable () -> StoreStatus?,
        eventLoopLag: @escaping @Sendable () -> Double?,
        remainingTokens: @escaping @Sendable (String) -> Int?
    ) {
        self.alerts = alerts
        self.storeStatus = storeStatus
        self.eventLoopLag = eventLoopLag
        self.remainingTokens = remainingTokens
    }

    /// Begins to count the answers that `routes` may give, so that the first of a kind is an increase too.
    func begin(counting routes: [Route]) {
        let foreseen = routes.map { ($0.handler, $0.statuses) } + [(Route.noHandler, [400, 404, 503])]
        // What nobody foresees is what an alert would be about.
        let requests = foreseen.flatMap { handler, statuses in
            (statuses + [500]).map { Request(handler: handler, status: $0) }
        }
        state.withLock { state in
            for request in requests where state.requests[request] == nil { state.requests[request] = 0 }
        }
    }

    /// Counts an answer of the server.
    func countRequest(handler: String, status: Int) {
        state.withLock { $0.requests[Request(handler: handler, status: status), default: 0] += 1 }
    }

    /// Notes what the exporter itself added to the measurements of the latest run.
    func noteFloor(_ floor: MeasurementFloor) {
        state.withLock { $0.floor = floor.duration.seconds }
    }

    /// Notes that `configuration` was taken up at `time`, in seconds since 1970.
    func noteReload(of configuration: ExporterConfiguration, at time: Double) {
        let operations = configuration.benchmarks.flatMap(\.operations).filter { $0.traits.model != nil }
        state.withLock { state in
            state.reloadSucceeded = true
            state.lastReload = time
            state.languageModelOperations = operations.map(\.identity)
        }
    }

    /// Notes that a configuration could not be loaded.
    func noteFailedReload() {
        state.withLock { $0.reloadSucceeded = false }
    }

    /// The families as they are now.
    func snapshot() -> MetricSnapshot {
        let state = state.withLock(\.self)
        let budgets = state.languageModelOperations.compactMap { operation in
            remainingTokens(operation.target).map { MetricSeries(LabelSet(operation), .number(Double($0))) }
        }
        let states = alerts.alerts.compactMap(Self.series)
        var families = states.isEmpty ? [] : [MetricCatalog.alertState.family(states)]
        if !budgets.isEmpty { families.append(MetricCatalog.budgetRemaining.family(budgets)) }
        families.append(
            MetricCatalog.buildInfo.family([MetricSeries(["version": ExporterVersion.current], .number(1))])
        )
        if let floor = state.floor { families.append(MetricCatalog.floor.family(floor)) }
        if let lag = eventLoopLag() { families.append(MetricCatalog.eventLoopLag.family(lag)) }
        families.append(MetricCatalog.configReloadSuccessful.family(state.reloadSucceeded ? 1 : 0))
        if let time = state.lastReload { families.append(MetricCatalog.configReloadTimestamp.family(time)) }
        if let status = storeStatus() { families += Self.families(of: status) }
        families.append(MetricCatalog.alertNotifications.family(Self.series(of: alerts.notifications)))
        families.append(MetricCatalog.httpRequests.family(Self.series(of: state.requests)))
        return MetricSnapshot(families: families + ProcessMetrics.families())
    }

    /// `nil` of an alert that is over.
    private static func series(of alert: ProcessAlert) -> MetricSeries? {
        let state: String
        switch alert.phase {
        case .inactive, .resolved: return nil
        case .pending: state = "pending"
        case .firing: state = "firing"
        }
        let labels = alert.key.subject.labels.adding("alert", alert.key.name.rawValue).adding("state", state)
        return MetricSeries(labels, .number(1))
    }

    private static func series(of notifications: [NotificationOutcome: UInt64]) -> [MetricSeries] {
        NotificationOutcome.allCases.map { outcome in
            MetricSeries(["outcome": outcome.rawValue], .number(Double(notifications[outcome] ?? 0)))
        }
    }

    private static func families(of status: StoreStatus) -> [MetricFamily] {
        var families = [
            MetricCatalog.storeUp.family(status.isUp ? 1 : 0),
            MetricCatalog.storeFenced.family(status.isFenced ? 1 : 0),
        ]
        let operations = StoreOperation.written.flatMap { operation in
            StoreOutcome.allCases.map { outcome in
                let count = status.operations[operation]?[outcome] ?? 0
                let labels: LabelSet = ["operation": operation.rawValue, "outcome": outcome.rawValue]
                return MetricSeries(labels, .number(Double(count)))
            }
        }
        families.append(MetricCatalog.storeOperations.family(operations))
        if let time = status.lastSuccessAt { families.append(MetricCatalog.snapshotLastSuccess.family(time)) }
        families.append(MetricCatalog.undurableRuns.family(Double(status.undurableRuns)))
        return families
    }

    private static func series(of requests: [Request: UInt64]) -> [MetricSeries] {
        requests.sorted { ($0.key.handler, $0.key.status) < ($1.key.handler, $1.key.status) }
            .map { MetricSeries(["handler": $0.handler, "code": String($0.status)], .number(Double($1))) }
    }
}
