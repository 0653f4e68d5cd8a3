import BenchmarkModel
import ExporterServer

/// `GET /benchmarks/results` and `/benchmarks/results/{id}`: the history of runs.
struct ResultsResource: Sendable {
    let source: ResultSource
    /// The names of the configured benchmarks.
    let benchmarks: @Sendable () async -> [String]
    /// The last run of each benchmark.
    let lastRuns: @Sendable () async -> [RunSummary]

    /// A page of the history.
    struct Page: Encodable {
        /// Newest first.
        var results: [RunResult]
        var suite: SuiteView?
        /// The query parameter `cursor` of the next page.
        var next: String?
    }

    func list(_ request: ServerRequest) async throws -> ServerResponse {
        let query = try QueryReader(request, keys: ["limit", "since", "benchmark", "cursor"])
        let page = try await source.page(
            ResultQuery(
                benchmark: try query.benchmark(among: await benchmarks()),
                since: try query.time("since") ?? 0,
                cursor: query.text("cursor"),
                limit: try query.integer("limit", in: 1...1000, default: 50)
            )
        )
        let results = page.results.map { RunResult($0.run, id: $0.id) }
        let suite = SuiteView(await lastRuns().map { RunResult($0) })
        return .json(Page(results: results, suite: suite, next: page.next), for: request)
    }

    func show(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        guard let stored = try await source.result(request.parameters["id"] ?? "") else {
            throw APIProblem(404, "no run of the history has that name")
        }
        return .json(RunResult(stored.run, id: stored.id), for: request)
    }
}

/// The last runs of all benchmarks taken together, whatever the page shows.
struct SuiteView: Encodable {
    var benchmarks: Int
    var samples: Int
    var successRatio: Double
    /// Over the durations of all successes of operations that promise a duration.
    var meanSeconds: Double?
    var slowestOperation: SlowestOperation?

    /// The operation with the greatest P95 of successes.
    struct SlowestOperation: Encodable {
        var benchmark: String
        var operation: String
        var p95Seconds: Double
    }

    /// Of the `last` run of each benchmark; `nil` without an iteration.
    init?(_ last: [RunResult]) {
        let operations = last.flatMap { run in run.operations.map { (run: run.benchmark, operation: $0) } }
        let samples = operations.reduce(0) { $0 + $1.operation.samples }
        guard samples > 0 else { return nil }
        let successes = operations.reduce(0) { $0 + $1.operation.samples - $1.operation.failed }
        let durations = operations.map(\.operation).filter { $0.objective.metric == .duration && $0.latency != nil }
        let count = durations.reduce(0) { $0 + $1.samples - $1.failed }
        let sum = durations.reduce(0.0) { sum, operation in
            sum + (operation.latency?.meanSeconds ?? 0) * Double(operation.samples - operation.failed)
        }
        benchmarks = last.count
        self.samples = samples
        successRatio = Double(successes) / Double(samples)
        meanSeconds = count > 0 ? sum / Double(count) : nil
        slowestOperation =
            operations.compactMap { run, operation in
                operation.latency.map {
                    SlowestOperation(benchmark: run, operation: operation.operation, p95Seconds: $0.p95Seconds)
                }
            }
            .max { $0.p95Seconds < $1.p95Seconds }
    }
}
