import ExporterServer

/// `POST /benchmarks/baseline`: what a person says of the present level.
struct BaselineResource: Sendable {
    let editor: BaselineEditor
    /// The names of the configured benchmarks.
    let benchmarks: @Sendable () async -> [String]

    /// The answer, which commands read too.
    struct View: Codable {
        var action: String
        var benchmarks: [String]
        /// Those of all operations of `benchmarks`, with the parts of the day that they have.
        var baselines: [ChangedBaseline]
        /// `false` where it is not stored, so that a restart may forget it; `nil` where it is.
        var durable: Bool?
    }

    func change(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let known = await benchmarks()
        var body = try BodyReader(request, keys: ["benchmarks", "action"])
        let names = body.benchmarks(among: known) ?? known
        let action = body.choice("action", of: BaselineChange.self) ?? .accept
        try body.finish()
        return await .audited("action=\(action.rawValue) benchmarks=\(names.joined(separator: ","))") {
            let outcome = try await editor.apply(action, to: names)
            let changed = names.filter { !outcome.unknown.contains($0) }
            return .json(
                200,
                View(
                    action: action.rawValue,
                    benchmarks: changed,
                    baselines: outcome.baselines,
                    durable: outcome.isDurable ? nil : false
                )
            )
        }
    }
}
