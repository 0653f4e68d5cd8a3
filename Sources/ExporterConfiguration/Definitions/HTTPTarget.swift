/// A service that speaks HTTP.
package struct HTTPTarget: Hashable, Sendable {
    package var baseURL: HTTPBaseURL
    /// The absolute path of the Unix-domain socket to connect to; `nil` for host and port of the base URL.
    package var socketPath: String?
    /// Sent with every request, before the headers of the probe.
    package var headers: [HeaderDefinition]
    /// Used where the scheme is `https`.
    package var tls: TLSDefinition

    package init(
        baseURL: HTTPBaseURL,
        socketPath: String? = nil,
        headers: [HeaderDefinition] = [],
        tls: TLSDefinition = TLSDefinition()
    ) {
        self.baseURL = baseURL
        self.socketPath = socketPath
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
    /// What the exporter shows to a service that wants to know who asks; `nil` to show nothing.
    package var clientCertificate: ClientCertificateDefinition?

    package init(
        certificateAuthorityFile: String? = nil,
        serverName: String? = nil,
        clientCertificate: ClientCertificateDefinition? = nil
    ) {
        self.certificateAuthorityFile = certificateAuthorityFile
        self.serverName = serverName
        self.clientCertificate = clientCertificate
    }
}

/// A certificate and the key that belongs to it.
package struct ClientCertificateDefinition: Hashable, Sendable {
    /// A PEM file: the certificate, then those that lead to an authority.
    package var certificateFile: String
    /// A PEM file with the key, not encrypted.
    package var keyFile: String

    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
