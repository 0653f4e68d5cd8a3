import ExporterServer

/// One endpoint of the management API: the route, and what the OpenAPI document says of it.
///
/// One value for both, so that the document cannot promise what is not there.
struct Endpoint: Sendable {
    var method: String
    /// With the names of parameters in braces.
    var path: String
    var role: Role
    /// One sentence, without its full stop.
    var summary: String
    var parameters: [Parameter] = []
    /// The schema of the body; `nil` where none is taken.
    var body: Body?
    /// What comes back when all is well.
    var answers: [Answer]
    /// Statuses beyond those that every call may have.
    var refusals: [Int] = []
    /// What refusals have beyond the headers that those of every call have, by status.
    var refusalHeaders: [Int: [AnswerHeader]] = [:]
    var respond: @Sendable (ServerRequest) async throws -> ServerResponse

    /// Of a query, a header or the path.
    struct Parameter: Sendable {
        enum Place: String {
            case query, header, path
        }

        var name: String
        var place: Place
        var schema: JSONValue
        var isRequired = false
        var description: String
    }

    /// The body of a request.
    struct Body: Sendable {
        /// The name of its schema.
        var schema: String
        var isRequired = false
    }

    /// An answer that is no refusal.
    struct Answer: Sendable {
        var status: Int
        var contentType = "application/json"
        /// The name of its schema; `nil` for a text.
        var schema: String?
        /// Those that it always has.
        var headers: [AnswerHeader] = []
    }

    /// What every call may come to: a query or framing that is not sound, no or the wrong token, too many calls, a store or
    /// an exporter that cannot answer now.
    static let commonRefusals = [400, 401, 403, 429, 503]
    /// What every call with a body may come to.
    static let bodyRefusals = [413, 415, 422]

    /// What its answers with a status may have beyond what all answers have, and whether they always do.
    func headers(of status: Int) -> [(header: AnswerHeader, isRequired: Bool)] {
        if let answer = answers.first(where: { $0.status == status }) { return answer.headers.map { ($0, true) } }
        let refusal: [(AnswerHeader, Bool)] =
            switch status {
            case 401: [(.challenge, true)]
            // Without any token in the configuration none would do.
            case 403: [(.challenge, false)]
            case 429: [(.retryAfter, true)]
            // Where the exporter is about to end nobody knows when there is another.
            case 503: [(.retryAfter, false)]
            default: []
            }
        return refusal + (refusalHeaders[status] ?? []).map { ($0, true) }
    }

    /// Every status that the endpoint may answer with.
    var statuses: [Int] {
        let refusals = Self.commonRefusals + (body == nil ? [] : Self.bodyRefusals) + refusals
        return Set(answers.map(\.status) + refusals).sorted()
    }

    /// The route, whose answers carry the label `handler`; `benchmarks` are the names that its audit trail may have.
    func route(handler: String, benchmarks: @escaping @Sendable () async -> [String]) -> Route {
        Route(
            path: path,
            handler: handler,
            methods: [method],
            role: role,
            statuses: statuses,
            describe: { audited($0, among: await benchmarks()) },
            respond: { [respond] request in
                do {
                    return try await respond(request)
                } catch {
                    return .problem(for: error)
                }
            }
        )
    }
}
