import NIOCore
package import NIOSSL

/// TLS as new connections get it: a certificate, its key, and what is asked of clients.
package struct ServerTLS: Sendable {
    /// What is asked of a client, by the names that Prometheus' web configuration takes from Go.
    package enum ClientAuthentication: String, Sendable, Hashable, CaseIterable {
        /// Nothing.
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

    /// What is negotiated.
    package struct Policy: Sendable, Hashable {
        package var minimumVersion = TLSVersion.tlsv12
        package var maximumVersion = TLSVersion.tlsv13
        /// Those of TLS 1.2 and before that may be used; the client's order decides.
        package var cipherSuites = Self.standardCipherSuites
        /// Those that may be used; `nil` for those of BoringSSL.
        package var curves: [NIOTLSCurve]?
        package var clientAuthentication = ClientAuthentication.none

        package init() {}

        /// What versions before 1.2 need besides.
        package static let olderCipherSuites: [NIOTLSCipher] = [
            .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
            .TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        ]

        /// Forward secrecy and authenticated encryption: what testssl has nothing to say about.
        package static let standardCipherSuites: [NIOTLSCipher] = [
            .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]
    }

    /// PEM text, and where it comes from, for messages.
    package struct Material: Sendable, CustomStringConvertible, CustomReflectable {
        let source: String
        let pem: [UInt8]

        /// The bytes of a file, or a text of the configuration.
        package init(source: String, pem: [UInt8]) {
            self.source = source
            self.pem = pem
        }

        package var description: String { source }
        package var customMirror: Mirror { Mirror(self, children: []) }
    }

    private let context: NIOSSLContext
    private let clientAuthentication: ClientAuthentication

    /// Checks that all of it fits together; blocks for a moment.
    ///
    /// `certificate` is followed by those that lead to an authority. `clientAuthorities` is needed where certificates of
    /// clients are verified. Throws a `ServerError` that names the source of what is wrong.
    package init(
        certificate: Material,
        key: Material,
        clientAuthorities: Material? = nil,
        policy: Policy = Policy()
    ) throws(ServerError) {
        let chain = try Self.certificates(in: certificate)
        let privateKey = try Self.using(key, .privateKey) { try NIOSSLPrivateKey(bytes: key.pem, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = policy.minimumVersion
        configuration.maximumTLSVersion = policy.maximumVersion
        configuration.cipherSuiteValues = policy.cipherSuites
        configuration.curves = policy.curves
        configuration.applicationProtocols = ["http/1.1"]
        // A peer that does not take its leave is not waited for.
        configuration.shutdownTimeout = .seconds(1)
        switch policy.clientAuthentication {
        case .none: configuration.certificateVerification = .none
        case .request, .verifyIfGiven: configuration.certificateVerification = .optionalVerification
        case .requireAny, .requireAndVerify: configuration.certificateVerification = .noHostnameVerification
        }
        configuration.trustRoots = .certificates(try clientAuthorities.map(Self.certificates) ?? [])
        configuration.sendCANameList = clientAuthorities != nil
        let pair = Material(source: "\(certificate.source) with \(key.source)", pem: [])
        context = try Self.using(pair, .tls) { [configuration] in try NIOSSLContext(configuration: configuration) }
        clientAuthentication = policy.clientAuthentication
    }

    /// The handler of one connection.
    func makeHandler() -> NIOSSLServerHandler {
        switch clientAuthentication {
        case .request, .requireAny:
            NIOSSLServerHandler(context: context) { _, verdict in verdict.succeed(.certificateVerified) }
        case .none, .verifyIfGiven, .requireAndVerify: NIOSSLServerHandler(context: context)
        }
    }

    private static func certificates(in material: Material) throws(ServerError) -> [NIOSSLCertificate] {
        try using(material, .certificate) {
            let certificates = try NIOSSLCertificate.fromPEMBytes(material.pem)
            guard !certificates.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            return certificates
        }
    }

    private static func using<Value>(
        _ material: Material,
        _ code: ServerError.Code,
        _ body: () throws -> Value
    ) throws(ServerError) -> Value {
        do {
            return try body()
        } catch {
            throw ServerError(code, address: material.source, underlyingError: error)
        }
    }
}
