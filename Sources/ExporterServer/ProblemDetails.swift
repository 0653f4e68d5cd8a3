import Foundation
import NIOHTTP1

/// Why a request was not done, in the form of RFC 9457.
package struct ProblemDetails: Encodable, Sendable {
    /// That of the answer.
    package var status: Int
    /// The phrase of the status.
    package var title: String
    /// One sentence for a person.
    package var detail: String
    /// What is wrong with each field of the body; `nil` where that is not the trouble.
    package var errors: [FieldProblem]?

    package init(status: Int, detail: String, errors: [FieldProblem]? = nil) {
        self.status = status
        self.errors = errors
        self.title = HTTPResponseStatus(statusCode: status).reasonPhrase
        self.detail = detail
    }
}

/// What is wrong with one field of a body.
package struct FieldProblem: Encodable, Sendable, Hashable {
    /// The JSON pointer of the field as a fragment, such as `#/benchmarks/0` (RFC 6901, section 6).
    package var pointer: String
    /// What was found and what was expected.
    package var detail: String

    package init(pointer: String, detail: String) {
        self.pointer = pointer
        self.detail = detail
    }
}

extension ServerResponse {
    /// An answer with problem details.
    package static func problem(
        _ status: Int,
        _ detail: String,
        headers: [(name: String, value: String)] = [],
        errors: [FieldProblem]? = nil
    ) -> Self {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(ProblemDetails(status: status, detail: detail, errors: errors))) ?? Data()
        return Self(
            status: status,
            contentType: "application/problem+json",
            headers: headers,
            body: Array(body) + Array("\n".utf8)
        )
    }
}
