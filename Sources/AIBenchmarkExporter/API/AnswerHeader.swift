/// A header of some answers of the management API, by its name.
enum AnswerHeader: String, CaseIterable, Sendable {
    case location = "Location"
    case entityTag = "ETag"
    case retryAfter = "Retry-After"
    case challenge = "WWW-Authenticate"

    /// One sentence.
    var description: String {
        switch self {
        case .location: "Where the run is."
        case .entityTag: "The tag of the answer, for If-None-Match."
        case .retryAfter: "After how many seconds it is worth another try."
        case .challenge: "What kind of credentials are taken."
        }
    }

    var schema: JSONValue {
        switch self {
        case .location: ["type": "string", "format": "uri-reference"]
        case .entityTag, .challenge: ["type": "string"]
        case .retryAfter: ["type": "integer", "minimum": 1]
        }
    }
}
