import Glibc
import NIOCore

/// Why the demo service did not start, or what it did not understand.
package struct DemoError: Error, Sendable, CustomStringConvertible {
    /// What the service was doing.
    package enum Code: Sendable {
        /// The address could not be listened on.
        case bind
        /// The body of a request is not what the path expects.
        case body
        /// The query of a request is not what the path expects.
        case query
    }

    package let code: Code
    /// The address, or the method and path of the request.
    package let subject: String
    /// What came back, or what was found instead.
    package let underlyingError: any Error

    package var description: String {
        switch code {
        case .bind: "demo service: listen on \(subject): \(Self.reason(underlyingError))"
        case .body, .query: "\(subject): \(Self.sentence(underlyingError))"
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let code = (error as? IOError)?.errnoCode, let text = strerror(code) else { return "\(error)" }
        return String(cString: text).lowercased()
    }

    private static func sentence(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .keyNotFound(let key, let context):
            return "'\(path(context.codingPath + [key]))' is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            let subject = context.codingPath.isEmpty ? "the body" : "'\(path(context.codingPath))'"
            return "\(subject) is not a JSON value of type \(type)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "the body is not JSON" : "'\(path(context.codingPath))' \(context.debugDescription)"
        @unknown default:
            return "the body was not understood"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map(\.stringValue).joined(separator: ".")
    }
}
