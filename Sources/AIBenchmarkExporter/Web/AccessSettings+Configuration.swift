import ExporterConfiguration
import ExporterServer

extension AccessSettings {
    /// Who may use the management API, as the configuration has it.
    init(_ api: APIDefinition) {
        self.init(
            tokens: api.tokens.map { AccessToken(name: $0.name, role: Role($0.role), sha256: $0.sha256) },
            rateLimit: RateLimit(perSecond: api.requestsPerSecond, burst: api.burst),
            trustedProxies: api.trustedProxies.map {
                AddressRange(bytes: $0.address, prefixLength: $0.prefixLength)
            }
        )
    }
}

extension Role {
    fileprivate init(_ role: TokenRole) {
        self =
            switch role {
            case .read: .read
            case .admin: .admin
            }
    }
}
