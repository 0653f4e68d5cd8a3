import NIOCore
import NIOSSL

/// How connections to one server are secured: the certificate must lead to an authority, and have the name of the
/// server.
struct RedisTLSClient: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?

    /// Which files could not be used, and what NIOSSL says about them.
    struct SetupError: Error, CustomStringConvertible {
        var subject: String
        var underlyingError: any Error

        var description: String { "\(subject): \(underlyingError)" }
    }

    /// Reads the files; throws a `SetupError` when one of them cannot be read, or when key and certificate do not belong
    /// together.
    init(_ tls: RedisTLS, host: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = tls.certificateAuthorityFile { configuration.trustRoots = .file(file) }
        var subject = "the certificate authorities in \(tls.certificateAuthorityFile ?? "the system")"
        if let client = tls.clientCertificate {
            configuration.certificateChain = try Self.setUp("the client certificate in \(client.certificateFile)") {
                try NIOSSLCertificate.fromPEMFile(client.certificateFile).map { .certificate($0) }
            }
            configuration.privateKey = try Self.setUp("the key in \(client.keyFile)") {
                .privateKey(try NIOSSLPrivateKey(file: client.keyFile, format: .pem))
            }
            subject += ", the client certificate in \(client.certificateFile) and the key in \(client.keyFile)"
        }
        context = try Self.setUp(subject) { [configuration] in try NIOSSLContext(configuration: configuration) }
        // An address is no name for the handshake: without one, the certificate is compared with the address of the
        // peer.
        let name = tls.serverName ?? host
        serverName = name.isSocketAddress ? nil : name
    }

    private static func setUp<Value>(_ subject: String, _ body: () throws -> Value) throws(SetupError) -> Value {
        do {
            return try body()
        } catch {
            throw SetupError(subject: subject, underlyingError: error)
        }
    }

    /// A handler for one connection; throws for a server name that no certificate can have.
    func makeHandler() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: serverName)
    }
}
