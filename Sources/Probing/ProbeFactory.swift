import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
import RedisClient

/// Makes the probe of each benchmark, and owns the connections that probes of the same target share.
package actor ProbeFactory {
    private let eventLoop: any EventLoop
    private let resolver: NameResolver
    private let ledger: BudgetLedger
    /// By the name of the target.
    private var inFlightLimits: [String: InFlightLimit] = [:]
    private var transports: [HTTPTarget: HTTPTransport] = [:]
    private var redisProbes: [BenchmarkDefinition: [RedisProbe]] = [:]

    /// A factory of probes that are timed on `eventLoop` and keep to the budgets of `ledger`.
    package init(eventLoop: any EventLoop, resolver: NameResolver, ledger: BudgetLedger) {
        self.eventLoop = eventLoop
        self.resolver = resolver
        self.ledger = ledger
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
            let resolver = resolver
            let probe = RedisProbe(definition, endpoint: endpoint, eventLoopGroup: eventLoop) { host, port, deadline in
                try await resolver.resolve(host: host, port: port, deadline: deadline)
            }
            redisProbes[benchmark, default: []].append(probe)
            return budgeted(probe, target: name)
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
                    probe: probe(member.probe, target: member.target, of: benchmark)
                )
            }
            return MixProbe(members)
        }
    }

    /// `probe`, which asks the target called `target` once, held to its budget.
    ///
    /// Also without a budget: a reload may bring one, and a probe that stays must keep to it.
    private func budgeted(_ probe: any Probe, target: String, costsTokens: Bool = false) -> any Probe {
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
        for (benchmark, probes) in redisProbes where !kept.contains(benchmark) {
            redisProbes[benchmark] = nil
            for probe in probes { await probe.close() }
        }
    }

    private func inFlightLimit(of target: String) -> InFlightLimit {
        if let limit = inFlightLimits[target] { return limit }
        let limit = InFlightLimit(ledger.maxInFlight(of: target), eventLoop: eventLoop)
        inFlightLimits[target] = limit
        return limit
    }

    private func transport(to target: HTTPTarget) -> HTTPTransport {
        if let transport = transports[target] { return transport }
        let transport = HTTPTransport(target: target, group: eventLoop, resolver: resolver)
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
        }
    }
}
