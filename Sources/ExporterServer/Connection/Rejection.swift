import NIOHTTP1

/// Why a request is refused before anybody looks at its path; its connection is closed after the answer.
struct Rejection: Error, Equatable {
    var status: Int
    /// One sentence for the peer; it repeats nothing that the peer sent.
    var reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// What the decoder of HTTP makes of bytes that are not HTTP.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow: self.init(431, "the head of the request is too large")
        case .invalidVersion, .paused: self.init(505, "of HTTP only the versions 1.0 and 1.1 are spoken here")
        case .invalidMethod: self.init(501, "the request does not begin with a method that is known here")
        default: self.init(400, "the request is malformed")
        }
    }
}
