import ExporterServer

/// `POST /benchmarks/baseline`: what a person says of the present level.
struct BaselineResource: Sendable {
    let editor: BaselineEditor
    /// The names of the configured benchmarks.
    let benchmarks: @Sendable () async -> [String]

    private struct View: Encodable {
        var action: String
        var benchmarks: [String]
    }

    func change(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let known = await benchmarks()
        var body = try BodyReader(request, keys: ["benchmarks", "action"])
        let names = body.benchmarks(among: known) ?? known
        let action = body.choice("action", of: BaselineChange.self) ?? .accept
        try body.finish()
        let unrecorded = Set(await editor.apply(action, to: names))
        let changed = names.filter { !unrecorded.contains($0) }
        return .json(
            200,
            View(action: action.rawValue, benchmarks: changed),
            audited: "action=\(action.rawValue) benchmarks=\(changed.joined(separator: ","))"
        )
    }
}
