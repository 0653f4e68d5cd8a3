import BenchmarkModel
import ExporterConfiguration
import ExporterServer

/// `POST /benchmarks/continuous/start` and `/stop`: what is run on schedule.
struct ContinuousResource: Sendable {
    /// The configured benchmarks.
    let benchmarks: @Sendable () async -> [BenchmarkDefinition]
    /// Keeps an override and takes it up; whether it is stored.
    let apply: @Sendable (ContinuousOverride) async throws -> Bool

    /// What is in force.
    struct View: Encodable, Sendable {
        enum State: String, Encodable, CaseIterable, Sendable {
            case running, stopped
        }

        var state: State
        /// `nil` for what the configuration says.
        var intervalSeconds: Double?
        /// `nil` for all.
        var benchmarks: [String]?
        /// Those of `benchmarks` that the configuration has no longer; `nil` where it has all.
        var unknownBenchmarks: [String]?
        /// `false` where it is not stored, so that a restart may forget it; `nil` where it is.
        var durable: Bool?

        /// Of an `override` in a configuration that has the `configured` benchmarks.
        init(_ override: ContinuousOverride, among configured: [String], isStored: Bool = true) {
            let unknown = override.unknown(among: configured)
            unknownBenchmarks = unknown.isEmpty ? nil : unknown
            durable = isStored ? nil : false
            state = override.isStopped ? .stopped : .running
            intervalSeconds = override.interval?.seconds
            benchmarks = override.benchmarks
        }
    }

    /// Without a body everything is as the configuration has it.
    func start(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        var body = try BodyReader(request, keys: ["interval", "benchmarks"])
        let known = await benchmarks()
        let override = ContinuousOverride(
            interval: body.duration("interval"),
            benchmarks: body.benchmarks(among: known.map(\.name))
        )
        // As in the configuration: an iteration that could last longer would let every run miss the next.
        let longest = known.filter { override.schedules($0.name) }.max { $0.timeout < $1.timeout }
        if let interval = override.interval, let longest, longest.timeout >= interval {
            body.refuse("interval", "more than \(longest.timeout.seconds) s, the timeout of \(longest.name)")
        }
        try body.finish()
        return await .audited(override.audited) {
            let isStored = try await apply(override)
            return .json(200, View(override, among: known.map(\.name), isStored: isStored))
        }
    }

    func stop(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        try BodyReader(request, keys: []).finish()
        let override = ContinuousOverride(isStopped: true)
        let isStored = try await apply(override)
        return .json(200, View(override, among: [], isStored: isStored))
    }
}
