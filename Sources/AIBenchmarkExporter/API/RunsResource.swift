import ExporterServer
import Probing

/// `POST /benchmarks/run`, `GET` and `DELETE /benchmarks/runs/{id}`: suites that somebody asks for.
struct RunsResource: Sendable {
    /// Where the runs are, without the name of one.
    private static let path = ManagementAPI.base + "/benchmarks/runs"

    let runs: ManualRuns
    /// The names of the configured benchmarks.
    let benchmarks: @Sendable () async -> [String]
    private let waiting = WaitingRoom()
    /// Of those who have cancelled one: nobody who only waits may be in their way.
    private let cancelling = WaitingRoom()

    init(runs: ManualRuns, benchmarks: @escaping @Sendable () async -> [String]) {
        self.runs = runs
        self.benchmarks = benchmarks
    }

    /// Starts a suite; with `wait` it answers when that has ended, or it has waited for long enough.
    func start(_ request: ServerRequest) async throws -> ServerResponse {
        let query = try QueryReader(request, keys: ["wait"])
        let waits = try query.flag("wait")
        let key = request.headers["idempotency-key"]
        if let key, !(1...255).contains(key.utf8.count) {
            throw APIProblem(400, "the Idempotency-Key has not 1 to 255 bytes")
        }
        let asked = try read(request, await benchmarks())
        return await .audited(asked.audited) {
            let run = try start(asked, client: request.tokenName ?? "", key: key)
            if waits {
                request.accept("run=\(run.id) \(asked.audited)")
                await waiting.wait(for: run.ended)
            }
            var response = answer(run)
            response.headers.append(("Location", "\(Self.path)/\(run.id)"))
            response.audited = "run=\(run.id)"
            return response
        }
    }

    private func start(_ asked: ManualRunRequest, client: String, key: String?) throws(APIProblem) -> ManualRun {
        switch runs.start(asked, client: client, key: key) {
        case .started(let run), .repeated(let run): return run
        case .keyReused: throw APIProblem(422, "the Idempotency-Key was used for another request before")
        case .busy(let id):
            throw APIProblem(
                409,
                "the run \(id) is going: wait for it or cancel it",
                headers: [("Location", "\(Self.path)/\(id)")]
            )
        case .shuttingDown:
            throw APIProblem(503, "the exporter is shutting down", headers: [("Retry-After", "10")])
        }
    }

    /// The suite as it is now: 200 if it has ended, else 202.
    private func answer(_ run: ManualRun) -> ServerResponse {
        let view = ManualRunView(runs.run(run.id) ?? run)
        return .json(view.state == .running ? 202 : 200, view)
    }

    func show(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        guard let run = runs.run(request.parameters["id"] ?? "") else { throw Self.unknown }
        return .json(ManualRunView(run), for: request)
    }

    /// Everything that was measured, as `run --output json` has it, without the line ends.
    func report(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        guard let run = runs.run(request.parameters["id"] ?? "") else { throw Self.unknown }
        guard run.state != .running else { throw APIProblem(409, "the run has not ended yet") }
        guard let report = run.report else { throw APIProblem(404, "only the last run has a report") }
        return .json(encoded: Array(try SuiteJSON.encode(report, isCompact: true)), for: request)
    }

    /// Cancels a suite, and answers when it has ended, or it has waited for long enough.
    func cancel(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let id = request.parameters["id"] ?? ""
        switch runs.cancel(id) {
        case .unknown: throw Self.unknown
        case .ended: throw APIProblem(409, "the run has ended before")
        case .cancelled(let run):
            request.accept("")
            await cancelling.wait(for: run.ended)
            return answer(run)
        }
    }

    private static var unknown: APIProblem { APIProblem(404, "no run that is remembered has that name") }

    private func read(_ request: ServerRequest, _ known: [String]) throws(APIProblem) -> ManualRunRequest {
        var body = try BodyReader(
            request,
            keys: ["benchmarks", "iterations", "concurrency", "warmup_iterations", "record"]
        )
        var asked = ManualRunRequest(benchmarks: body.benchmarks(among: known) ?? known)
        asked.settings.iterations = body.integer("iterations", in: 1...100_000)
        asked.settings.concurrency = body.integer("concurrency", in: 1...1000)
        asked.settings.warmupIterations = body.integer("warmup_iterations", in: 0...100_000)
        asked.record = body.boolean("record") ?? false
        try body.finish()
        return asked
    }
}
