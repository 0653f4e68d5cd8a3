import ExporterServer

/// Why a management call was not done, as its caller will read it.
struct APIProblem: Error {
    var status: Int
    /// One sentence for a person.
    var detail: String
    var headers: [(name: String, value: String)] = []
    /// One for each field of the body that is wrong.
    var errors: [FieldProblem]?
    /// What the call was understood to ask for, for the audit trail.
    var audited = ""

    init(
        _ status: Int,
        _ detail: String,
        headers: [(name: String, value: String)] = [],
        errors: [FieldProblem]? = nil
    ) {
        self.status = status
        self.detail = detail
        self.headers = headers
        self.errors = errors
    }

    /// The answer that says so.
    var response: ServerResponse {
        var response = ServerResponse.problem(status, detail, headers: headers, errors: errors)
        response.audited = audited
        return response
    }
}

extension ServerResponse {
    /// The answer of `body`, or what becomes of its error, for a call that was told to do `parameters`.
    ///
    /// So the audit trail has what was asked for also where it was not done. What `body` says itself comes first.
    static func audited(_ parameters: String, _ body: () async throws -> Self) async -> Self {
        var response: Self
        do {
            response = try await body()
        } catch {
            response = .problem(for: error)
        }
        response.audited = [response.audited, parameters].filter { !$0.isEmpty }.joined(separator: " ")
        return response
    }

    /// The answer to a call that ended with `error`.
    static func problem(for error: any Error) -> Self {
        switch error {
        case let problem as APIProblem: problem.response
        case is CancellationError: .problem(503, "the exporter is shutting down")
        // What a store says of itself has no secret, and the caller may do something about it.
        default: .problem(503, "\(error)", headers: [("Retry-After", "5")])
        }
    }
}
