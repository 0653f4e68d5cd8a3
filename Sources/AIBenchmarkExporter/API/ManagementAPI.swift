import ExporterServer

/// The management API: every endpoint, who may call it, and with which answers.
struct ManagementAPI: Sendable {
    /// What all paths begin with.
    static let base = "/ai/performance"
    static let probePath = "/probe"

    let status: StatusResource
    let results: ResultsResource
    let metrics: MetricsResource
    let events: EventFeed
    let runs: RunsResource
    let continuous: ContinuousResource
    let cache: CacheResource
    let regressions: RegressionsResource
    let baseline: BaselineResource
    let audit: AuditResource
    let probe: ProbeEndpoint

    /// All routes, that of the OpenAPI document included.
    var routes: [Route] {
        let endpoints = endpoints
        let document = OpenAPIDocument.text(of: endpoints)
        let description = Endpoint(
            method: "GET",
            path: Self.base + "/openapi.json",
            role: .read,
            summary: "This document",
            answers: [],
            respond: { .json(encoded: document, for: $0) }
        )
        let folder = Route(path: Self.base, handler: "api", methods: [], role: .read, statuses: [404, 405]) { _ in
            .problem(404, "there is nothing at this path")
        }
        return (endpoints + [description]).map { endpoint in
            endpoint.route(handler: endpoint.path == Self.probePath ? "probe" : "api", benchmarks: runs.benchmarks)
        } + [folder]
    }

    /// All that the OpenAPI document describes.
    var endpoints: [Endpoint] { reading + acting }

    private var reading: [Endpoint] {
        [
            Self.reading("/benchmarks/status", "What is going on, and how everything stands", "Status", status.show),
            Self.reading(
                "/benchmarks/results",
                "Runs of the history, newest first",
                "Results",
                parameters: [.limit, .since, .benchmark(isRequired: false), .cursor],
                refusals: [404],
                results.list
            ),
            Self.reading(
                "/benchmarks/results/{id}",
                "One run of the history",
                "Result",
                parameters: [.id],
                refusals: [404],
                results.show
            ),
            Self.reading("/benchmarks/metrics", "Figures over the last 5 minutes, hour and day", "Metrics") {
                [metrics] in try metrics.show($0)
            },
            Self.reading(
                "/benchmarks/regressions",
                "How every operation stands against its baseline",
                "Regressions",
                regressions.regressions
            ),
            Self.reading(
                "/benchmarks/trends",
                "How the latencies of the last runs have moved",
                "Trends",
                regressions.trends
            ),
            Endpoint(
                method: "GET",
                path: Self.base + "/benchmarks/events",
                role: .read,
                summary: "Server-sent events: run, manual_run, alerts and continuous",
                answers: [Endpoint.Answer(status: 200, contentType: "text/event-stream")],
                respond: { [events] in try events.listen($0) }
            ),
            Self.reading(
                "/benchmarks/runs/{id}",
                "A suite that somebody asked for",
                "ManualRun",
                parameters: [.id],
                refusals: [404],
                runs.show
            ),
            Self.reading(
                "/benchmarks/runs/{id}/report",
                "All that the last suite has measured, as the command 'run --output json' prints it",
                "SuiteReport",
                parameters: [.id],
                refusals: [404, 409],
                runs.report
            ),
        ]
    }

    private var acting: [Endpoint] {
        func runAnswers(_ headers: [AnswerHeader] = []) -> [Endpoint.Answer] {
            [200, 202].map { Endpoint.Answer(status: $0, schema: "ManualRun", headers: headers) }
        }
        return [
            Endpoint(
                method: "POST",
                path: Self.base + "/benchmarks/run",
                role: .admin,
                summary: "Run benchmarks now, beside their schedule",
                parameters: [.wait, .idempotencyKey],
                body: Endpoint.Body(schema: "RunRequest"),
                answers: runAnswers([.location]),
                refusals: [409],
                refusalHeaders: [409: [.location]],
                respond: runs.start
            ),
            Endpoint(
                method: "DELETE",
                path: Self.base + "/benchmarks/runs/{id}",
                role: .admin,
                summary: "Cancel a suite that somebody asked for",
                parameters: [.id],
                answers: runAnswers(),
                refusals: [404, 409],
                respond: runs.cancel
            ),
            Self.acting(
                "POST",
                "/benchmarks/continuous/start",
                "Run benchmarks on schedule, at another interval or only some of them, or as configured",
                "Continuous",
                body: Endpoint.Body(schema: "ContinuousRequest"),
                continuous.start
            ),
            Self.acting(
                "POST",
                "/benchmarks/continuous/stop",
                "Run nothing on schedule until the next start",
                "Continuous",
                body: Endpoint.Body(schema: "Nothing"),
                continuous.stop
            ),
            Self.acting(
                "POST",
                "/benchmarks/baseline",
                "Accept the present level as the baseline, or learn it anew",
                "BaselineChange",
                body: Endpoint.Body(schema: "BaselineRequest"),
                baseline.change
            ),
            Self.acting(
                "POST",
                "/benchmarks/cleanup",
                "Remove what is old from the history and the audit trail",
                "Trimmed",
                body: Endpoint.Body(schema: "CleanupRequest", isRequired: true),
                refusals: [409],
                audit.cleanUp
            ),
            Self.acting(
                "POST",
                "/benchmarks/cache/invalidate",
                "Drop cached figures and idle connections, and prime the benchmarks of cached answers anew",
                "Invalidated",
                body: Endpoint.Body(schema: "Nothing"),
                cache.invalidate
            ),
            Self.acting(
                "GET",
                "/audit",
                "Calls of this API, newest first",
                "AuditTrail",
                parameters: [.limit, .cursor],
                audit.list
            ),
            Endpoint(
                method: "GET",
                path: Self.probePath,
                role: .admin,
                summary: "Run a benchmark once, and answer with its metrics only",
                parameters: [.benchmark(isRequired: true), .scrapeTimeout],
                answers: [Endpoint.Answer(status: 200, contentType: "text/plain")],
                refusals: [404, 409],
                respond: probe.respond
            ),
        ]
    }

    /// An endpoint for everybody with a token, whose answer has a tag.
    private static func reading(
        _ path: String,
        _ summary: String,
        _ schema: String,
        parameters: [Endpoint.Parameter] = [],
        refusals: [Int] = [],
        _ respond: @escaping @Sendable (ServerRequest) async throws -> ServerResponse
    ) -> Endpoint {
        Endpoint(
            method: "GET",
            path: base + path,
            role: .read,
            summary: summary,
            parameters: parameters + [.ifNoneMatch],
            answers: [
                Endpoint.Answer(status: 200, schema: schema, headers: [.entityTag]),
                Endpoint.Answer(status: 304, headers: [.entityTag]),
            ],
            refusals: refusals,
            respond: respond
        )
    }

    /// An endpoint that takes the role `admin`.
    private static func acting(
        _ method: String,
        _ path: String,
        _ summary: String,
        _ schema: String,
        parameters: [Endpoint.Parameter] = [],
        body: Endpoint.Body? = nil,
        refusals: [Int] = [],
        _ respond: @escaping @Sendable (ServerRequest) async throws -> ServerResponse
    ) -> Endpoint {
        Endpoint(
            method: method,
            path: base + path,
            role: .admin,
            summary: summary,
            parameters: parameters,
            body: body,
            answers: [Endpoint.Answer(status: 200, schema: schema)],
            refusals: refusals,
            respond: respond
        )
    }
}
