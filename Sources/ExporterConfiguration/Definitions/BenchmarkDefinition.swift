package import BenchmarkModel

/// One benchmark with all its defaults filled in.
package struct BenchmarkDefinition: Hashable, Sendable {
    /// The label `benchmark`, unique in a configuration.
    package var name: String
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
    /// The number of workers, at least 1; in open loop the most iterations in flight.
    package var concurrency: Int
    package var overlap: OverlapPolicy
    /// `nil` for a closed loop, in which workers ask again as soon as they have their answer.
    package var arrival: ArrivalDefinition?
    /// Into how many equal parts of the day its baselines are cut, 1...24.
    package var baselineParts: Int
    /// What the benchmark asks, and how.
    package var probe: ProbeDefinition
    /// What it measures by that; at least one, in the order in which an iteration comes to them.
    package var operations: [OperationDefinition]

    package init(
        name: String,
        category: BenchmarkCategory,
        interval: Duration,
        startJitter: Duration,
        timeout: Duration,
        iterations: Int,
        warmupIterations: Int,
        concurrency: Int,
        overlap: OverlapPolicy,
        arrival: ArrivalDefinition? = nil,
        baselineParts: Int = 1,
        probe: ProbeDefinition,
        operations: [OperationDefinition]
    ) {
        self.name = name
        self.category = category
        self.interval = interval
        self.startJitter = startJitter
        self.timeout = timeout
        self.iterations = iterations
        self.warmupIterations = warmupIterations
        self.concurrency = concurrency
        self.overlap = overlap
        self.arrival = arrival
        self.baselineParts = baselineParts
        self.probe = probe
        self.operations = operations
    }

    /// The names of the targets that its runs cost tokens.
    package var tokenTargets: Set<String> {
        Set(operations.flatMap { probe.tokenTargets(asking: $0.identity.target) })
    }
}

extension ProbeDefinition {
    /// The names of the targets that it costs tokens, of a probe that asks `target` unless it names others itself.
    fileprivate func tokenTargets(asking target: String) -> [String] {
        switch self {
        case .languageModel: [target]
        case .mix(let definition):
            definition.members.flatMap { member in
                member.targets.flatMap { member.probe.tokenTargets(asking: $0) }
            }
        case .steps(let definition): definition.all.filter { $0.request.costsTokens }.map(\.target)
        case .http, .redis, .tcp, .command: []
        }
    }
}

/// One thing that a benchmark measures: all that a simple probe does, or one measured step of a sequence.
package struct OperationDefinition: Hashable, Sendable {
    package var identity: BenchmarkIdentity
    package var objective: Objective
    package var traits: OperationTraits
    package var target: TargetDescription

    package init(
        identity: BenchmarkIdentity,
        objective: Objective,
        traits: OperationTraits,
        target: TargetDescription
    ) {
        self.identity = identity
        self.objective = objective
        self.traits = traits
        self.target = target
    }
}

/// What a run does that finds the last one still going.
package enum OverlapPolicy: String, Hashable, Sendable, CaseIterable {
    /// It is left out and counted.
    case skip
    /// It starts as soon as the last one has ended; any further slots that pass meanwhile are left out and counted.
    case queue
}
