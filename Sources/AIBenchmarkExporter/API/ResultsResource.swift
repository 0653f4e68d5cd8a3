import BenchmarkModel
import ExporterServer
import SnapshotStore

/// `GET /benchmarks/results` and `/benchmarks/results/{id}`: the history of runs.
struct ResultsResource: Sendable {
    let reader: any SnapshotReader
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
        let before = try query.text("cursor").map { text throws(APIProblem) in
            guard let position = RunPosition(text) else { throw APIProblem(400, "the cursor is none of this history") }
            return position
        }
        let page = try await reader.runs(
            of: try query.benchmark(among: await benchmarks()),
            since: try query.time("since") ?? 0,
            before: before,
            limit: try query.integer("limit", in: 1...RunQuery.largestLimit, default: 50)
        )
        let results = page.runs.map { RunResult($0.summary, id: $0.position.description) }
        let suite = SuiteView(await lastRuns().map { RunResult($0) })
        return .json(Page(results: results, suite: suite, next: page.next?.description), for: request)
    }

    func show(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let id = request.parameters["id"] ?? ""
        guard let position = RunPosition(id), let run = try await reader.run(at: position) else {
            throw APIProblem(404, "no run of the history has that name")
        }
        return .json(RunResult(run, id: id), for: request)
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
