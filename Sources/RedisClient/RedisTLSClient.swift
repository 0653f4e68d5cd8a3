import NIOCore
import NIOSSL

/// How connections to one server are secured: the certificate must lead to an authority, and have the name of the
/// server.
struct RedisTLSClient: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?

    /// Reads the authorities; throws what NIOSSL says about a file that it cannot read.
    init(_ tls: RedisTLS, host: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = tls.certificateAuthorityFile { configuration.trustRoots = .file(file) }
        context = try NIOSSLContext(configuration: configuration)
        // An address is no name for the handshake: without one, the certificate is compared with the address of the
        // peer.
        let name = tls.serverName ?? host
        serverName = name.isSocketAddress ? nil : name
    }

    /// A handler for one connection; throws for a server name that no certificate can have.
    func makeHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }
}
