import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import NIOCore
import Probing

/// `POST /benchmarks/cache/invalidate`: nothing that is remembered to be fast stays, and what must be cached is primed anew.
struct CacheResource: Sendable {
    let metrics: MetricsResource
    let probes: ProbeFactory
    /// The configured benchmarks.
    let definitions: @Sendable () async -> [BenchmarkDefinition]

    struct View: Encodable {
        /// The benchmarks of cached answers whose target was asked to have them ready.
        var primed: [String]
        var failures: [Failure]

        struct Failure: Encodable {
            var benchmark: String
            var detail: String
        }
    }

    func invalidate(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        try BodyReader(request, keys: []).finish()
        metrics.invalidate()
        await probes.dropConnections()
        var view = View(primed: [], failures: [])
        for definition in await definitions() where definition.category == .cachedResponse {
            let deadline = NIODeadline.now() + .nanoseconds(definition.timeout.nanoseconds)
            guard let failure = try await probes.probe(for: definition).prepare(deadline: deadline) else {
                view.primed.append(definition.name)
                continue
            }
            view.failures.append(View.Failure(benchmark: definition.name, detail: failure.detail))
        }
        return .json(200, view)
    }
}
