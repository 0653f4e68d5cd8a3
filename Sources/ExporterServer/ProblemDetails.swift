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

    package init(status: Int, detail: String) {
        self.status = status
        self.title = HTTPResponseStatus(statusCode: status).reasonPhrase
        self.detail = detail
    }
}

extension ServerResponse {
    /// An answer with problem details.
    package static func problem(_ status: Int, _ detail: String, headers: [(name: String, value: String)] = []) -> Self
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(ProblemDetails(status: status, detail: detail))) ?? Data()
        return Self(
            status: status,
            contentType: "application/problem+json",
            headers: headers,
            body: Array(body) + Array("\n".utf8)
        )
    }
}
