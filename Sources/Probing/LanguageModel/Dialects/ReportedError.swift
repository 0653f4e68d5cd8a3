/// What a service says of an error, inside an answer under the status 200.
///
/// An error is an object with a message, or a text, under `error`; in some dialects and older servers the part itself,
/// which then says that it is one in `type` or `object`.
struct ReportedError: Decodable {
    /// The message in quotes; `nil` where no error is reported.
    var excerpt: String?

    private enum CodingKeys: CodingKey {
        case error, object, type, message
    }

    init(from decoder: any Decoder) throws {
        let part = try decoder.container(keyedBy: CodingKeys.self)
        if part.contains(.error), try !part.decodeNil(forKey: .error) {
            let error = try? part.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
            excerpt = Self.excerpt(error?.decodeText(.message) ?? part.decodeText(.error))
        } else if part.decodeText(.object) == "error" || part.decodeText(.type) == "error" {
            excerpt = Self.excerpt(part.decodeText(.message))
        }
    }

    private static func excerpt(_ message: String?) -> String {
        message.map { Excerpt($0).description } ?? "no message"
    }
}
