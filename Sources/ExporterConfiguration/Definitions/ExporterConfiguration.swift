package import BenchmarkModel

/// What the exporter has to do: a configuration file after every check has passed.
package struct ExporterConfiguration: Hashable, Sendable {
    /// The identity of this sidecar in the store; not empty.
    package var instance: String
    package var store: StoreDefinition
    /// In the order of the file; no two have the same name.
    package var benchmarks: [BenchmarkDefinition]

    package init(
        instance: String,
        store: StoreDefinition,
        benchmarks: [BenchmarkDefinition]
    ) {
        self.instance = instance
        self.store = store
        self.benchmarks = benchmarks
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

/// One benchmark with all its defaults filled in.
package struct BenchmarkDefinition: Hashable, Sendable {
    package var identity: BenchmarkIdentity
    package var category: BenchmarkCategory
    /// Start to start; greater than zero.
    package var interval: Duration
    /// The first start falls within this and a tenth of the interval, whichever is less.
    package var startJitter: Duration
    /// Of one iteration; greater than zero.
    package var timeout: Duration
    /// At least 1.
    package var iterations: Int
    /// Not negative.
    package var warmupIterations: Int
    /// The number of workers, at least 1.
    package var concurrency: Int
    package var objective: Objective
    package var overlap: OverlapPolicy
    /// What the benchmark asks, and how.
    package var probe: ProbeDefinition

    package init(
        identity: BenchmarkIdentity,
        category: BenchmarkCategory,
        interval: Duration,
        startJitter: Duration,
        timeout: Duration,
        iterations: Int,
        warmupIterations: Int,
        concurrency: Int,
        objective: Objective,
        overlap: OverlapPolicy,
        probe: ProbeDefinition
    ) {
        self.identity = identity
        self.category = category
        self.interval = interval
        self.startJitter = startJitter
        self.timeout = timeout
        self.iterations = iterations
        self.warmupIterations = warmupIterations
        self.concurrency = concurrency
        self.objective = objective
        self.overlap = overlap
        self.probe = probe
    }
}

/// What a run does that finds the last one still going.
package enum OverlapPolicy: String, Hashable, Sendable, CaseIterable {
    /// It is left out and counted.
    case skip
    /// It starts as soon as the last one has ended; any further slots that pass meanwhile are left out and counted.
    case queue
}

/// The kinds of probe, each with the target that it asks.
package enum ProbeDefinition: Hashable, Sendable {
    case http(HTTPProbeDefinition, HTTPTarget)
    case languageModel(LanguageModelDefinition, HTTPTarget)
    case redis(RedisProbeDefinition, RedisEndpoint)
    case tcp(TCPProbeDefinition, TCPTarget)
    case command(CommandProbeDefinition, CommandTarget)

    /// The key in a configuration and the label `probe`.
    package var kind: String {
        switch self {
        case .http: "http"
        case .languageModel(let definition, _): definition.dialect.rawValue
        case .redis: "redis"
        case .tcp: "tcp"
        case .command: "command"
        }
    }

    /// The name of the language model that is asked; `nil` for other probes.
    package var model: String? {
        switch self {
        case .languageModel(let definition, _): definition.model
        case .http, .redis, .tcp, .command: nil
        }
    }
}
