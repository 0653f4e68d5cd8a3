import ExporterConfiguration
import NIOCore
import NIOSSL

/// The TLS of a target: verification is always on.
struct HTTPTransportSecurity: Sendable {
    private let context: NIOSSLContext
    /// `nil` for an address: it is no name to ask for (RFC 6066), and the certificate is checked against the address.
    private let serverName: String?

    /// Reads the authorities; throws an error of NIOSSL when their file cannot be read or has none, or when the server's
    /// name cannot be one.
    init(_ definition: TLSDefinition, host: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = definition.certificateAuthorityFile {
            let authorities = try NIOSSLCertificate.fromPEMFile(file)
            guard !authorities.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            configuration.trustRoots = .certificates(authorities)
        }
        context = try NIOSSLContext(configuration: configuration)
        let name = definition.serverName ?? host
        serverName = NameResolver.address(ofLiteral: name, port: 0) == nil ? name : nil
        _ = try makeHandler()
    }

    /// A handler for one connection.
    func makeHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }
}
