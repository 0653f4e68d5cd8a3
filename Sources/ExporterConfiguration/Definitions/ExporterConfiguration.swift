import BenchmarkModel

/// What the exporter has to do: a configuration file after every check has passed.
package struct ExporterConfiguration: Hashable, Sendable {
    /// The identity of this sidecar in the store; not empty.
    package var instance: String
    package var store: StoreDefinition
    /// In the order of the file; no two have the same name.
    package var benchmarks: [BenchmarkDefinition]
    /// The target of the default objective, which a suite is held against.
    package var suiteTarget: Duration
    /// By the name of the target, which is declared.
    package var budgets: [String: BudgetDefinition]
    /// In the order of the file.
    package var alerts: [AlertOverride]
    package var alertmanager: AlertmanagerDefinition
    package var api: APIDefinition

    package init(
        instance: String,
        store: StoreDefinition,
        benchmarks: [BenchmarkDefinition],
        suiteTarget: Duration = Objective().target,
        budgets: [String: BudgetDefinition] = [:],
        alerts: [AlertOverride] = [],
        alertmanager: AlertmanagerDefinition = AlertmanagerDefinition(),
        api: APIDefinition = APIDefinition()
    ) {
        self.instance = instance
        self.store = store
        self.benchmarks = benchmarks
        self.suiteTarget = suiteTarget
        self.budgets = budgets
        self.alerts = alerts
        self.alertmanager = alertmanager
        self.api = api
    }
}

/// Where state is kept, and how long.
package struct StoreDefinition: Hashable, Sendable {
    package var location: StoreLocation
    /// The age at which runs leave the history.
    package var resultRetention: Duration
    /// How long a finished run waits for the store before it is published all the same.
    package var commitTimeout: Duration

    package init(
        location: StoreLocation,
        resultRetention: Duration,
        commitTimeout: Duration
    ) {
        self.location = location
        self.resultRetention = resultRetention
        self.commitTimeout = commitTimeout
    }
}

/// The kinds of store, as `--store.url` names them.
package enum StoreLocation: Hashable, Sendable {
    case none
    /// The path of the database file; a relative one starts at the state directory.
    case sqlite(path: String)
    case redis(RedisEndpoint)
}
