/// A service that speaks HTTP.
package struct HTTPTarget: Hashable, Sendable {
    package var baseURL: HTTPBaseURL
    /// Sent with every request, before the headers of the probe.
    package var headers: [HeaderDefinition]
    /// Used where the scheme is `https`.
    package var tls: TLSDefinition

    package init(
        baseURL: HTTPBaseURL,
        headers: [HeaderDefinition] = [],
        tls: TLSDefinition = TLSDefinition()
    ) {
        self.baseURL = baseURL
        self.headers = headers
        self.tls = tls
    }
}

/// The part of a URL that all requests to a target share.
package struct HTTPBaseURL: Hashable, Sendable {
    /// Whether the scheme is `https`.
    package var isSecure: Bool
    /// A name or an address, without the brackets of IPv6.
    package var host: String
    /// 1...65535.
    package var port: Int
    /// Empty, or `/` and what follows, without a `/` at the end.
    package var pathPrefix: String

    package init(
        isSecure: Bool,
        host: String,
        port: Int,
        pathPrefix: String
    ) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.pathPrefix = pathPrefix
    }
}

/// One header; its value may be a credential.
package struct HeaderDefinition: Hashable, Sendable {
    /// A token of RFC 9110, as written.
    package var name: String
    /// Without control characters.
    package var value: Secret

    package init(
        name: String,
        value: Secret
    ) {
        self.name = name
        self.value = value
    }
}

/// How a TLS connection is verified; verification cannot be turned off.
package struct TLSDefinition: Hashable, Sendable {
    /// A PEM file with the authorities to trust; `nil` for those of the system.
    package var certificateAuthorityFile: String?
    /// The name that the certificate must have; `nil` for the host.
    package var serverName: String?

    package init(certificateAuthorityFile: String? = nil, serverName: String? = nil) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.serverName = serverName
    }
}
