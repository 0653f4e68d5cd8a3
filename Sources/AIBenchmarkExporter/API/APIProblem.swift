import ExporterServer

/// Why a management call was not done, as its caller will read it.
struct APIProblem: Error {
    var status: Int
    /// One sentence for a person.
    var detail: String
    var headers: [(name: String, value: String)] = []
    /// One for each field of the body that is wrong.
    var errors: [FieldProblem]?

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
    var response: ServerResponse { .problem(status, detail, headers: headers, errors: errors) }
}
