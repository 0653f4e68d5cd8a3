import ExporterConfiguration
import NIOCore
package import NIOSSL

/// The TLS of a target: verification is always on.
package struct HTTPTransportSecurity: Sendable {
    private let context: NIOSSLContext
    /// `nil` for an address: it is no name to ask for (RFC 6066), and the certificate is checked against the address.
    private let serverName: String?
    /// The only certificate that will do; `nil` for any that an authority vouches for.
    private let expected: NIOSSLCertificate?

    /// What keeps TLS from being set up, and what NIOSSL says about it.
    struct SetupError: Error, CustomStringConvertible {
        var subject: String
        var underlyingError: any Error

        var description: String { "\(subject): \(underlyingError)" }
    }

    /// Reads the files; throws a `SetupError` when one of them cannot be read or has nothing in it, when key and
    /// certificate do not belong together, or when the server's name cannot be one.
    init(_ definition: TLSDefinition, host: String) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = definition.certificateAuthorityFile {
            let authorities = try Self.certificates(in: file)
            configuration.trustRoots = .certificates(authorities)
        }
        var subject = definition.certificateAuthorityFile ?? "the system's authorities"
        if let client = definition.clientCertificate {
            configuration.certificateChain = try Self.certificates(in: client.certificateFile).map { .certificate($0) }
            configuration.privateKey = try Self.setUp(client.keyFile) {
                .privateKey(try NIOSSLPrivateKey(file: client.keyFile, format: .pem))
            }
            subject = "\(client.certificateFile) and \(client.keyFile)"
        }
        context = try Self.setUp(subject) { [configuration] in try NIOSSLContext(configuration: configuration) }
        let name = definition.serverName ?? host
        serverName = NameResolver.address(ofLiteral: name, port: 0) == nil ? name : nil
        expected = nil
        let (context, serverName) = (context, serverName)
        _ = try Self.setUp("the name of the server") {
            try NIOSSLClientHandler(context: context, serverHostname: serverName)
        }
    }

    /// For a server of our own, which must show the first certificate of `chain` and nothing else.
    ///
    /// Its names and its time do not matter, nor who has signed it. A server that asks for a certificate is shown its own.
    /// Throws what NIOSSL does where key and certificate do not belong together.
    package init(ofOwnServer chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv1
        configuration.certificateVerification = .noHostnameVerification
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        context = try NIOSSLContext(configuration: configuration)
        serverName = nil
        expected = chain.first
    }

    private static func certificates(in file: String) throws(SetupError) -> [NIOSSLCertificate] {
        try setUp(file) {
            let certificates = try NIOSSLCertificate.fromPEMFile(file)
            guard !certificates.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            return certificates
        }
    }

    private static func setUp<Value>(_ subject: String, _ body: () throws -> Value) throws(SetupError) -> Value {
        do {
            return try body()
        } catch {
            throw SetupError(subject: subject, underlyingError: error)
        }
    }

    /// A handler for one connection.
    func makeHandler() throws -> NIOSSLClientHandler {
        guard let expected else { return try NIOSSLClientHandler(context: context, serverHostname: serverName) }
        return try NIOSSLClientHandler(context: context, serverHostname: serverName) { shown, verdict in
            verdict.succeed(shown.first == expected ? .certificateVerified : .failed)
        }
    }
}
