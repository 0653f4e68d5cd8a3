package import NIOHTTP1

/// One request to a target, without what the transport adds by itself.
///
/// The transport adds `Host`, `User-Agent`, within an iteration `traceparent`, the headers of the target,
/// `Content-Length` where there is a body, and `Connection: close` on a cold connection.
package struct HTTPRequest: Sendable {
    /// A token of RFC 9110, as it goes over the wire.
    package var method: String
    /// What is appended to the path of the target's base: a path that starts with `/`, and a query if there is one.
    package var target: String
    /// Take the place of those of the same name that the target or the transport would send.
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    /// The largest body of an answer that is read, in bytes.
    package var maximumAnswerSize = HTTPExchangeStateMachine.maximumBodySize
    /// Whether `target` is the whole path, as a redirect gives it, and nothing goes before it.
    var isWholePath = false

    package init(method: String, target: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}
