/// A request whose framing is sound and whose body is complete.
package struct ServerRequest: Sendable {
    /// As it was sent: methods are case-sensitive.
    package var method: String
    /// The path of the target as it was sent: it begins with a slash, and nothing in it is decoded.
    package var path: String
    /// What follows the first question mark of the target; `nil` without one.
    package var query: String?
    package var headers: RequestHeaders
    package var body: [UInt8]
    /// The address of the peer without its port; an IPv4 address in its own notation also on a socket for both versions.
    ///
    /// Behind a trusted proxy that of its client.
    package var remoteAddress: String
    /// Whether the client is on this machine, as far as its address says so.
    package var isLoopback: Bool
    /// Of the token that the request came with; `nil` without one.
    package var tokenName: String?
    /// What that token allows; `nil` without one.
    package var role: Role?
    /// The segments of the path that the route has in braces, by their names, decoded.
    package var parameters: [String: String]
    /// Tells the audit trail that the call is accepted, before it is done, and what it was told to do.
    ///
    /// For a call that takes a while: nobody knows whether it gets as far as its result, which is told as that of every call.
    package var accept: @Sendable (_ audited: String) -> Void = { _ in }

    package init(
        method: String,
        path: String,
        query: String? = nil,
        headers: RequestHeaders = RequestHeaders([]),
        body: [UInt8] = [],
        remoteAddress: String = "127.0.0.1",
        isLoopback: Bool = true,
        tokenName: String? = nil,
        parameters: [String: String] = [:]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.isLoopback = isLoopback
        self.tokenName = tokenName
        self.parameters = parameters
    }
}

/// The header fields of a request.
package struct RequestHeaders: Sendable {
    private let fields: [(name: String, value: String)]

    /// The fields in the order of the request.
    package init(_ fields: [(name: String, value: String)]) {
        self.fields = fields.map { ($0.name.lowercased(), $0.value) }
    }

    /// The value of the field of that name in any case; those of several fields are joined with a comma, as HTTP lets
    /// them be.
    package subscript(name: String) -> String? {
        let name = name.lowercased()
        let values = fields.lazy.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
