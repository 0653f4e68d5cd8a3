import ExporterConfiguration
import ExporterServer
import Foundation
import NIOSSL

/// The file of `--web.config.file`, and the PEM files that it names.
struct WebConfigurationFile: Sendable {
    /// All that the settings of the server are made of, so that a change of any of the files is a change of this.
    struct Contents: Hashable, Sendable {
        var loaded: LoadedWebConfiguration
        /// By the sources that the configuration names.
        var pem: [PEMSource: [UInt8]]
    }

    let path: String

    /// Reads the file and those that it names; every problem is in the failure, one a line.
    func read() throws(CommandFailure) -> Contents {
        let text = try ConfigurationFile.text(of: path, as: "web configuration")
        let loaded: LoadedWebConfiguration
        do {
            loaded = try ConfigurationFile.loader().loadWeb(text, file: path) { PasswordHash($0) != nil }
        } catch {
            throw CommandFailure(message: "\(error)", status: .badUsage)
        }
        var pem: [PEMSource: [UInt8]] = [:]
        if let tls = loaded.configuration.tls {
            for source in [tls.certificate, tls.key] + (tls.clientAuthorities.map { [$0] } ?? []) {
                pem[source] = try bytes(of: source)
            }
        }
        return Contents(loaded: loaded, pem: pem)
    }

    /// The settings of a server with these contents; what is wrong with a PEM file is in the failure.
    func settings(of contents: Contents) throws(CommandFailure) -> WebSettings {
        let configuration = contents.loaded.configuration
        do {
            return WebSettings(
                tls: try configuration.tls.map { tls throws(ServerError) in try serverTLS(tls, contents.pem) },
                users: configuration.users.compactMapValues { PasswordHash($0.reveal) },
                headers: configuration.headers.map { ($0.name, $0.value.reveal) },
                rateLimit: configuration.rateLimit.map { RateLimit(interval: $0.interval, burst: $0.burst) }
            )
        } catch {
            throw CommandFailure(message: "\(path): \(error)", status: .badUsage)
        }
    }

    private func bytes(of source: PEMSource) throws(CommandFailure) -> [UInt8] {
        switch source {
        case .text(let text): Array(text.reveal.utf8)
        case .file(let file): Array(try ConfigurationFile.text(of: resolved(file), as: "PEM file").utf8)
        }
    }

    /// A relative path starts at the folder of the web configuration file.
    private func resolved(_ file: String) -> String {
        file.hasPrefix("/") ? file : (path as NSString).deletingLastPathComponent.appending(pathComponent: file)
    }

    private func serverTLS(
        _ tls: WebTLSDefinition,
        _ pem: [PEMSource: [UInt8]]
    ) throws(ServerError) -> ServerTLS {
        func material(_ source: PEMSource, _ key: String) -> ServerTLS.Material {
            switch source {
            case .file(let file): ServerTLS.Material(source: resolved(file), pem: pem[source] ?? [])
            case .text: ServerTLS.Material(source: "tls_server_config.\(key)", pem: pem[source] ?? [])
            }
        }
        return try ServerTLS(
            certificate: material(tls.certificate, "cert"),
            key: material(tls.key, "key"),
            clientAuthorities: tls.clientAuthorities.map { material($0, "client_ca") },
            policy: ServerTLS.Policy(tls)
        )
    }
}

extension String {
    fileprivate func appending(pathComponent: String) -> String {
        isEmpty ? pathComponent : "\(self)/\(pathComponent)"
    }
}

extension ServerTLS.Policy {
    fileprivate init(_ tls: WebTLSDefinition) {
        self.init()
        minimumVersion = TLSVersion(tls.minimumVersion)
        maximumVersion = TLSVersion(tls.maximumVersion)
        switch tls.minimumVersion {
        case .tls10, .tls11: cipherSuites += Self.olderCipherSuites
        case .tls12, .tls13: break
        }
        if !tls.cipherSuites.isEmpty { cipherSuites = tls.cipherSuites.map(NIOTLSCipher.init) }
        if !tls.curves.isEmpty { curves = tls.curves.map(NIOTLSCurve.init) }
        clientAuthentication =
            switch tls.clientAuthentication {
            case .none: .none
            case .request: .request
            case .requireAny: .requireAny
            case .verifyIfGiven: .verifyIfGiven
            case .requireAndVerify: .requireAndVerify
            }
    }
}

extension TLSVersion {
    fileprivate init(_ version: WebTLSVersion) {
        self =
            switch version {
            case .tls10: .tlsv1
            case .tls11: .tlsv11
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
    }
}

extension NIOTLSCurve {
    fileprivate init(_ curve: WebCurve) {
        self =
            switch curve {
            case .p256: .secp256r1
            case .p384: .secp384r1
            case .p521: .secp521r1
            case .x25519: .x25519
            }
    }
}

extension NIOTLSCipher {
    fileprivate init(_ suite: WebCipherSuite) {
        self =
            switch suite {
            case .ecdsaAES128: .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            case .ecdsaAES256: .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
            case .ecdsaChaCha20: .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            case .rsaAES128: .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
            case .rsaAES256: .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
            case .rsaChaCha20: .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
            case .ecdsaAES128CBC: .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
            case .ecdsaAES256CBC: .TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
            case .rsaAES128CBC: .TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
            case .rsaAES256CBC: .TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
            }
    }
}
