package import ExporterConfiguration
package import NIOCore
import RedisClient

/// Makes the probe of each benchmark, and owns the connections that probes of the same target share.
package actor ProbeFactory {
    private let eventLoop: any EventLoop
    private let resolver: NameResolver
    private var transports: [HTTPTarget: HTTPTransport] = [:]
    private var redisProbes: [BenchmarkDefinition: RedisProbe] = [:]

    /// A factory of probes that are timed on `eventLoop`.
    package init(eventLoop: any EventLoop, resolver: NameResolver) {
        self.eventLoop = eventLoop
        self.resolver = resolver
    }

    /// The probe of a benchmark.
    package func probe(for benchmark: BenchmarkDefinition) -> any Probe {
        switch benchmark.probe {
        case .http(let definition, let target):
            return HTTPProbe(definition, target: target, transport: transport(to: target))
        case .languageModel(let definition, let target):
            return LanguageModelProbe(definition, target: target, transport: transport(to: target))
        case .redis(let definition, let endpoint):
            let resolver = resolver
            let probe = RedisProbe(definition, endpoint: endpoint, eventLoopGroup: eventLoop) { host, port, deadline in
                try await resolver.resolve(host: host, port: port, deadline: deadline)
            }
            redisProbes[benchmark] = probe
            return probe
        case .tcp(let definition, let target):
            return TCPProbe(definition, target: target, group: eventLoop, resolver: resolver)
        case .command(let definition, let target):
            return CommandProbe(definition, target: target)
        }
    }

    /// Closes the connections of everything that is not among `benchmarks`, none of which may be in use.
    package func retain(_ benchmarks: [BenchmarkDefinition]) async {
        let targets = Set(benchmarks.compactMap(\.probe.httpTarget))
        for (target, transport) in transports where !targets.contains(target) {
            transports[target] = nil
            await transport.close()
        }
        let kept = Set(benchmarks)
        for (benchmark, probe) in redisProbes where !kept.contains(benchmark) {
            redisProbes[benchmark] = nil
            await probe.close()
        }
    }

    private func transport(to target: HTTPTarget) -> HTTPTransport {
        if let transport = transports[target] { return transport }
        let transport = HTTPTransport(target: target, group: eventLoop, resolver: resolver)
        transports[target] = transport
        return transport
    }
}

extension ProbeDefinition {
    fileprivate var httpTarget: HTTPTarget? {
        switch self {
        case .http(_, let target), .languageModel(_, let target): target
        case .redis, .tcp, .command: nil
        }
    }
}
