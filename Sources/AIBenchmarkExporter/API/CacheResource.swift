import BenchmarkModel
import ExporterConfiguration
import ExporterServer
import Probing

/// `POST /benchmarks/cache/invalidate`: nothing that is remembered to be fast stays, and what must be cached is primed anew.
struct CacheResource: Sendable {
    let metrics: MetricsResource
    let probes: ProbeFactory
    let measurement: RequestedMeasurement
    /// The configured benchmarks.
    let definitions: @Sendable () async -> [BenchmarkDefinition]

    struct View: Encodable {
        /// The benchmarks of cached answers that were asked for them, and had them at the second time.
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
        request.accept("")
        metrics.invalidate()
        await probes.dropConnections()
        var view = View(primed: [], failures: [])
        for definition in await definitions() where definition.category == .cachedResponse {
            if let detail = await failure(toPrime: definition) {
                view.failures.append(View.Failure(benchmark: definition.name, detail: detail))
            } else {
                view.primed.append(definition.name)
            }
        }
        return .json(200, view)
    }

    /// Asks twice, as the first answer may be one that only then is cached; what went wrong.
    private func failure(toPrime definition: BenchmarkDefinition) async -> String? {
        let once = RequestedMeasurement.Settings(iterations: 1, warmupIterations: 1, concurrency: 1)
        let record = await measurement.record(of: definition, once, until: StopSignal())
        let failure = record.operations.flatMap(\.iterations).lazy.compactMap(\.failure).first
        switch record.outcome {
        case .skippedBudget: return "the token budget is spent"
        case .completed: return failure?.detail
        case .aborted, .missed, .skippedOverlap, .skippedStandby: return failure?.detail ?? "the run was aborted"
        }
    }
}
