import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import RedisClient

/// Makes the probe of each benchmark, and owns the connections that probes of the same target share.
package actor ProbeFactory {
    private let eventLoop: any EventLoop
    private let resolver: NameResolver
    private let ledger: BudgetLedger
    private let idleLimit: TimeAmount
    /// By the name of the target.
    private var inFlightLimits: [String: InFlightLimit] = [:]
    private var transports: [HTTPTarget: HTTPTransport] = [:]
    private var redisPools: [BenchmarkDefinition: [RedisEndpoint: RedisConnectionPool]] = [:]

    /// A factory of probes that are timed on `eventLoop` and keep to the budgets of `ledger`.
    ///
    /// Their connections are not used again when they have been idle for `idleLimit`.
    package init(
        eventLoop: any EventLoop,
        resolver: NameResolver,
        ledger: BudgetLedger,
        idleLimit: TimeAmount = ConnectionReuse.idleLimit
    ) {
        self.eventLoop = eventLoop
        self.resolver = resolver
        self.ledger = ledger
        self.idleLimit = idleLimit
    }

    /// The probe of a benchmark.
    package func probe(for benchmark: BenchmarkDefinition) -> any Probe {
        probe(benchmark.probe, target: benchmark.operations.first?.identity.target ?? "", of: benchmark)
    }

    /// The probe of `definition`, which asks the target called `name` for `benchmark`.
    private func probe(
        _ definition: ProbeDefinition,
        target name: String,
        of benchmark: BenchmarkDefinition
    ) -> any Probe {
        switch definition {
        case .http(let definition, let target):
            let probe = HTTPProbe(definition, target: target, transport: transport(to: target))
            return budgeted(probe, target: name)
        case .languageModel(let definition, let target):
            let probe = LanguageModelProbe(definition, target: target, transport: transport(to: target))
            return budgeted(probe, target: name, costsTokens: true)
        case .redis(let definition, let endpoint):
            return budgeted(RedisProbe(definition, pool: pool(of: endpoint, for: benchmark)), target: name)
        case .tcp(let definition, let target):
            let probe = TCPProbe(definition, target: target, group: eventLoop, resolver: resolver)
            return budgeted(probe, target: name)
        case .command(let definition, let target):
            return budgeted(CommandProbe(definition, target: target), target: name)
        case .mix(let definition):
            let members = definition.members.map { member in
                MixProbe.Member(
                    name: member.benchmark,
                    weight: member.weight,
                    carriesTraceContext: member.probe.carriesTraceContext,
                    probe: probe(member.probe, target: member.targets.first ?? "", of: benchmark)
                )
            }
            return MixProbe(members)
        case .steps(let definition):
            return StepsProbe(definition) { step in
                let client = client(for: step.request, of: benchmark)
                let (ledger, inFlight) = (ledger, inFlightLimit(of: step.target))
                let costsTokens = step.request.costsTokens
                @Sendable func budgeted(_ probe: some AnsweringProbe) -> any AnsweringProbe {
                    BudgetedProbe(
                        probe,
                        target: step.target,
                        costsTokens: costsTokens,
                        ledger: ledger,
                        inFlight: inFlight
                    )
                }
                return { request in client?.probe(for: request).map { budgeted($0) } }
            }
        }
    }

    /// `probe`, which asks the target called `target` once, held to its budget.
    ///
    /// Also without a budget: a reload may bring one, and a probe that stays must keep to it.
    private func budgeted(_ probe: some Probe, target: String, costsTokens: Bool = false) -> any Probe {
        BudgetedProbe(
            probe,
            target: target,
            costsTokens: costsTokens,
            ledger: ledger,
            inFlight: inFlightLimit(of: target)
        )
    }

    /// Takes up other limits at once, also for probes that are in use; what was spent stays.
    package func replaceBudgets(_ budgets: [String: BudgetDefinition]) {
        ledger.replaceBudgets(budgets)
        for (target, limit) in inFlightLimits { limit.limit = budgets[target]?.maxInFlight }
    }

    /// Closes the connections of everything that is not among `benchmarks`, none of which may be in use.
    package func retain(_ benchmarks: [BenchmarkDefinition]) async {
        let targets = Set(benchmarks.flatMap(\.probe.httpTargets))
        for (target, transport) in transports where !targets.contains(target) {
            transports[target] = nil
            await transport.close()
        }
        let kept = Set(benchmarks)
        for (benchmark, pools) in redisPools where !kept.contains(benchmark) {
            redisPools[benchmark] = nil
            for pool in pools.values { await pool.close() }
        }
    }

    /// Closes all connections that wait to be used again.
    package func dropConnections() async {
        for transport in transports.values { transport.dropConnections() }
        for pool in redisPools.values.flatMap(\.values) { await pool.close() }
    }

    private func inFlightLimit(of target: String) -> InFlightLimit {
        if let limit = inFlightLimits[target] { return limit }
        let limit = InFlightLimit(ledger.maxInFlight(of: target), eventLoop: eventLoop)
        inFlightLimits[target] = limit
        return limit
    }

    /// What asks the requests of a step; `nil` for a kind of probe that is no step.
    private func client(for request: ProbeDefinition, of benchmark: BenchmarkDefinition) -> StepClient? {
        switch request {
        case .http(_, let target): .http(transport(to: target))
        case .languageModel(_, let target): .languageModel(transport(to: target), UsageOption())
        case .redis(_, let endpoint): .redis(pool(of: endpoint, for: benchmark))
        case .tcp, .command, .mix, .steps: nil
        }
    }

    /// Each benchmark has connections of its own, which its steps share.
    private func pool(of endpoint: RedisEndpoint, for benchmark: BenchmarkDefinition) -> RedisConnectionPool {
        if let pool = redisPools[benchmark]?[endpoint] { return pool }
        let resolver = resolver
        let pool = RedisConnectionPool(
            address: RedisAddress(endpoint),
            eventLoopGroup: eventLoop,
            idleLimit: idleLimit
        ) { host, port, deadline in
            try await resolver.resolve(host: host, port: port, deadline: deadline)
        }
        redisPools[benchmark, default: [:]][endpoint] = pool
        return pool
    }

    private func transport(to target: HTTPTarget) -> HTTPTransport {
        if let transport = transports[target] { return transport }
        let transport = HTTPTransport(target: target, group: eventLoop, resolver: resolver, idleLimit: idleLimit)
        transports[target] = transport
        return transport
    }
}

extension ProbeDefinition {
    fileprivate var httpTargets: [HTTPTarget] {
        switch self {
        case .http(_, let target), .languageModel(_, let target): [target]
        case .redis, .tcp, .command: []
        case .mix(let definition): definition.members.flatMap(\.probe.httpTargets)
        case .steps(let definition): definition.all.map(\.request).flatMap(\.httpTargets)
        }
    }
}
