/// What holds for every request, whatever its path; as long as nothing is set, everybody is let in without TLS.
package struct WebSettings: Sendable {
    package var tls: ServerTLS?
    /// Who may come in, by name; everybody where there are none.
    package var users: [String: PasswordHash]
    /// Fields that every answer has, whatever its route says of them.
    package var headers: [(name: String, value: String)]
    /// Of all requests together; `nil` for no limit.
    package var rateLimit: RateLimit?

    package init(
        tls: ServerTLS? = nil,
        users: [String: PasswordHash] = [:],
        headers: [(name: String, value: String)] = [],
        rateLimit: RateLimit? = nil
    ) {
        self.tls = tls
        self.users = users
        self.headers = headers
        self.rateLimit = rateLimit
    }
}

/// What holds for the routes that take a role.
package struct AccessSettings: Sendable {
    /// With none of them, nobody gets to a route that takes a role.
    package var tokens: [AccessToken]
    /// Of one client and one role.
    package var rateLimit: RateLimit
    /// Proxies whose word about the client counts.
    package var trustedProxies: [AddressRange]

    package init(
        tokens: [AccessToken] = [],
        rateLimit: RateLimit = RateLimit(perSecond: 10, burst: 20),
        trustedProxies: [AddressRange] = []
    ) {
        self.tokens = tokens
        self.rateLimit = rateLimit
        self.trustedProxies = trustedProxies
    }
}
