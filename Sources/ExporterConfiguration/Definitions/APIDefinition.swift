/// Who may use the management API, and how often.
package struct APIDefinition: Hashable, Sendable {
    /// No two have the same name or the same hash; without any the API is closed.
    package var tokens: [TokenDefinition]
    /// Of one client and one role, in the long run; at least 0.001.
    package var requestsPerSecond: Double
    /// Of one client and one role, at once; at least 1.
    package var burst: Int
    /// Proxies whose word about the client counts.
    package var trustedProxies: [NetworkDefinition]

    package init(
        tokens: [TokenDefinition] = [],
        requestsPerSecond: Double = 10,
        burst: Int = 20,
        trustedProxies: [NetworkDefinition] = []
    ) {
        self.tokens = tokens
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
        self.trustedProxies = trustedProxies
    }
}

/// A bearer token, known by its hash.
package struct TokenDefinition: Hashable, Sendable {
    /// Who uses it, for the audit trail; the value of a label.
    package var name: String
    package var role: TokenRole
    /// Of the text of the token; 32 bytes.
    package var sha256: [UInt8]

    package init(
        name: String,
        role: TokenRole,
        sha256: [UInt8]
    ) {
        self.name = name
        self.role = role
        self.sha256 = sha256
    }
}

/// What a token may do.
package enum TokenRole: String, Hashable, Sendable, CaseIterable {
    /// See.
    case read
    /// See and change.
    case admin
}

/// The addresses of IP that begin with the same bits.
package struct NetworkDefinition: Hashable, Sendable {
    /// One of the addresses; 4 or 16 bytes.
    package var address: [UInt8]
    /// The number of bits that all share.
    package var prefixLength: Int

    package init(
        address: [UInt8],
        prefixLength: Int
    ) {
        self.address = address
        self.prefixLength = prefixLength
    }
}
