/// How the exporter's own server is secured: a file in the format of Prometheus' exporter toolkit after every check.
///
/// See https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md.
package struct WebConfiguration: Hashable, Sendable {
    /// `nil` for no TLS.
    package var tls: WebTLSDefinition?
    /// Of every answer.
    package var headers: [HeaderDefinition]
    /// The bcrypt hashes of passwords by the names of users; everybody is let in where there are none.
    package var users: [String: Secret]
    /// Of all requests together; `nil` for no limit.
    package var rateLimit: WebRateLimitDefinition?

    package init(
        tls: WebTLSDefinition? = nil,
        headers: [HeaderDefinition] = [],
        users: [String: Secret] = [:],
        rateLimit: WebRateLimitDefinition? = nil
    ) {
        self.tls = tls
        self.headers = headers
        self.users = users
        self.rateLimit = rateLimit
    }
}

/// How often requests may come.
package struct WebRateLimitDefinition: Hashable, Sendable {
    /// Between two requests in the long run; greater than zero.
    package var interval: Duration
    /// At once; at least 1.
    package var burst: Int

    package init(
        interval: Duration,
        burst: Int
    ) {
        self.interval = interval
        self.burst = burst
    }
}

/// Where PEM text comes from.
package enum PEMSource: Hashable, Sendable {
    /// A path; a relative one starts at the folder of the file that names it.
    case file(String)
    case text(Secret)
}

/// The TLS of the exporter's own server.
package struct WebTLSDefinition: Hashable, Sendable {
    /// The certificate, then those that lead to an authority.
    package var certificate: PEMSource
    package var key: PEMSource
    /// Who signs the certificates of clients; there where one is verified.
    package var clientAuthorities: PEMSource?
    package var clientAuthentication: WebClientAuthentication
    /// Not later than the maximum.
    package var minimumVersion: WebTLSVersion
    package var maximumVersion: WebTLSVersion
    /// Those of TLS 1.2 and before that may be used; empty for those of the server.
    package var cipherSuites: [WebCipherSuite]
    /// Those that may be used; empty for those of the server.
    package var curves: [WebCurve]

    package init(
        certificate: PEMSource,
        key: PEMSource,
        clientAuthorities: PEMSource? = nil,
        clientAuthentication: WebClientAuthentication = .none,
        minimumVersion: WebTLSVersion = .tls12,
        maximumVersion: WebTLSVersion = .tls13,
        cipherSuites: [WebCipherSuite] = [],
        curves: [WebCurve] = []
    ) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
        self.clientAuthentication = clientAuthentication
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.cipherSuites = cipherSuites
        self.curves = curves
    }
}

/// What is asked of clients, by the names of Go.
package enum WebClientAuthentication: String, Hashable, Sendable, CaseIterable {
    /// No certificate.
    case none = "NoClientCert"
    /// A certificate, if it has one; any will do.
    case request = "RequestClientCert"
    /// A certificate; any will do.
    case requireAny = "RequireAnyClientCert"
    /// A certificate, if it has one; one of the authorities must have signed it.
    case verifyIfGiven = "VerifyClientCertIfGiven"
    /// A certificate that one of the authorities has signed.
    case requireAndVerify = "RequireAndVerifyClientCert"
}

/// Versions of TLS, the oldest first.
package enum WebTLSVersion: String, Hashable, Sendable, CaseIterable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"
}

/// Curves by the names of Go.
package enum WebCurve: String, Hashable, Sendable, CaseIterable {
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"
    case x25519 = "X25519"
}

/// The suites of TLS 1.2 and before that Go has not called insecure, by their names of IANA.
package enum WebCipherSuite: String, Hashable, Sendable, CaseIterable {
    case ecdsaAES128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    case ecdsaAES256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    case ecdsaChaCha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    case rsaAES128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    case rsaAES256 = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    case rsaChaCha20 = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    case ecdsaAES128CBC = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    case ecdsaAES256CBC = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
    case rsaAES128CBC = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    case rsaAES256CBC = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
}
