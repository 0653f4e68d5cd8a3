import ExporterServer
import ExporterTestSupport
import Foundation
import NIOCore
import NIOSSL
import Testing

@Suite("TLS", .timeLimit(.minutes(1)))
struct ServerTLSTests {
    private static let routes = [Route(path: "/metrics", handler: "metrics") { _ in .text(200, "metrics") }]

    private static func material(_ file: String) throws -> ServerTLS.Material {
        ServerTLS.Material(
            source: (file as NSString).lastPathComponent,
            pem: Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        )
    }

    private static func tls(
        _ identity: (certificate: String, key: String),
        authorities: String? = nil,
        _ change: (inout ServerTLS.Policy) -> Void = { _ in }
    ) throws -> ServerTLS {
        var policy = ServerTLS.Policy()
        change(&policy)
        return try ServerTLS(
            certificate: material(identity.certificate),
            key: material(identity.key),
            clientAuthorities: authorities.map { try material($0) },
            policy: policy
        )
    }

    private static func client(
        trusting authority: String,
        showing identity: (certificate: String, key: String)? = nil,
        _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority)
        if let identity {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(identity.certificate).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem))
        }
        change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }

    /// Whether a request over TLS is answered.
    private static func answers(_ server: RunningServer, _ client: NIOSSLContext) async -> Bool {
        let answer = try? await RawConnection.exchange(get("/metrics"), with: server.address, tls: client)
        return answer?.hasSuffix("\r\n\r\nmetrics\n") == true
    }

    @Test("carries several requests over one connection, and nothing in the clear")
    func requests() async throws {
        let certificates = try await TestCertificates()
        let tls = try Self.tls(try await certificates.issue("server", for: ["DNS:localhost"]))
        let security = ServerSecurity(web: WebSettings(tls: tls))
        let client = try Self.client(trusting: certificates.authority)
        try await RunningServer.run(routes: Self.routes, security: security) { server in
            try await RawConnection.open(to: server.address, tls: client) { connection in
                for _ in 0..<3 {
                    try await connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(try await connection.readResponse()?.body == "metrics\n")
                }
                try await connection.send("nonsense\r\n\r\n")
                #expect(try await connection.readToEnd().hasPrefix("HTTP/1.1 501"))
            }
            let clear = try? await RawConnection.exchange(get("/metrics"), with: server.address)
            #expect(clear?.contains("HTTP/1.1") != true)
            #expect(await Self.answers(server, client))
        }
    }

    @Test("with another certificate loses nobody: old connections go on, new ones see the new one")
    func rotation() async throws {
        let certificates = try await TestCertificates()
        let others = try await TestCertificates()
        let security = ServerSecurity(
            web: WebSettings(tls: try Self.tls(try await certificates.issue("old", for: ["DNS:localhost"])))
        )
        let old = try Self.client(trusting: certificates.authority)
        let new = try Self.client(trusting: others.authority)
        let other = try await others.issue("new", for: ["DNS:localhost"])
        try await RunningServer.run(routes: Self.routes, security: security) { server in
            #expect(await Self.answers(server, old))
            #expect(await !Self.answers(server, new))
            try await RawConnection.open(to: server.address, tls: old) { connection in
                try await connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.readResponse()?.status == 200)
                security.replace(web: WebSettings(tls: try Self.tls(other)))
                try await connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.readResponse()?.status == 200)
            }
            #expect(await !Self.answers(server, old))
            #expect(await Self.answers(server, new))
        }
    }

    @Test(
        "asks for certificates of clients as it is told",
        arguments: [
            (ServerTLS.ClientAuthentication.none, [true, true, true]),
            (.request, [true, true, true]),
            (.requireAny, [false, true, true]),
            (.verifyIfGiven, [true, false, true]),
            (.requireAndVerify, [false, false, true]),
        ]
    )
    func clientAuthentication(_ authentication: ServerTLS.ClientAuthentication, _ expected: [Bool]) async throws {
        let certificates = try await TestCertificates()
        let others = try await TestCertificates()
        let tls = try Self.tls(
            try await certificates.issue("server", for: ["DNS:localhost"]),
            authorities: certificates.authority
        ) { $0.clientAuthentication = authentication }
        let authority = certificates.authority
        let clients = [
            try Self.client(trusting: authority),
            try Self.client(trusting: authority, showing: try await others.issue("stranger", for: ["DNS:stranger"])),
            try Self.client(trusting: authority, showing: try await certificates.issue("friend", for: ["DNS:friend"])),
        ]
        try await RunningServer.run(routes: Self.routes, security: ServerSecurity(web: WebSettings(tls: tls))) {
            for (client, isWelcome) in zip(clients, expected) {
                #expect(await Self.answers($0, client) == isWelcome)
                // Again, as a session may be resumed.
                #expect(await Self.answers($0, client) == isWelcome)
            }
        }
    }

    @Test("speaks the versions, suites and curves that it is told, and by itself no version before 1.2")
    func negotiation() async throws {
        let certificates = try await TestCertificates()
        let identity = try await certificates.issue("server", for: ["DNS:localhost"])
        func agrees(
            _ policy: (inout ServerTLS.Policy) -> Void,
            _ client: (inout TLSConfiguration) -> Void,
            _ expected: Bool
        ) async throws {
            let security = ServerSecurity(web: WebSettings(tls: try Self.tls(identity, policy)))
            let client = try Self.client(trusting: certificates.authority, client)
            try await RunningServer.run(routes: Self.routes, security: security) {
                #expect(await Self.answers($0, client) == expected)
            }
        }
        try await agrees({ _ in }, { $0.maximumTLSVersion = .tlsv11 }, false)
        func allowOlder(_ policy: inout ServerTLS.Policy) {
            policy.minimumVersion = .tlsv1
            policy.cipherSuites += ServerTLS.Policy.olderCipherSuites
        }
        try await agrees(allowOlder, { $0.maximumTLSVersion = .tlsv1 }, true)
        try await agrees(allowOlder, { $0.maximumTLSVersion = .tlsv11 }, true)
        try await agrees({ _ in }, { $0.maximumTLSVersion = .tlsv12 }, true)
        try await agrees({ _ in }, { $0.minimumTLSVersion = .tlsv13 }, true)
        try await agrees({ $0.minimumVersion = .tlsv13 }, { $0.maximumTLSVersion = .tlsv12 }, false)
        try await agrees({ $0.maximumVersion = .tlsv12 }, { $0.minimumTLSVersion = .tlsv13 }, false)
        let chacha = NIOTLSCipher.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
        let aes = NIOTLSCipher.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        for (suite, isAnswered) in [(chacha, true), (aes, false)] {
            func offer(_ client: inout TLSConfiguration) {
                client.maximumTLSVersion = .tlsv12
                client.cipherSuiteValues = [suite]
            }
            try await agrees({ $0.cipherSuites = [chacha] }, offer, isAnswered)
        }
        try await agrees({ $0.curves = [.secp384r1] }, { $0.curves = [.secp384r1] }, true)
        try await agrees({ $0.curves = [.secp384r1] }, { $0.curves = [.x25519] }, false)
    }

    @Test(
        "gives a peer that does not finish the handshake the time of a head, and no more",
        arguments: ["", "\u{16}\u{03}\u{01}\u{00}\u{20}"]
    )
    func silence(text: String) async throws {
        let certificates = try await TestCertificates()
        let tls = try Self.tls(try await certificates.issue("server", for: ["DNS:localhost"]))
        var limits = ServerLimits.standard
        limits.headerTimeout = .milliseconds(50)
        let security = ServerSecurity(web: WebSettings(tls: tls))
        try await RunningServer.run(routes: Self.routes, limits: limits, security: security) { server in
            let answer = try await RawConnection.exchange(text, with: server.address)
            #expect(answer.isEmpty)
        }
    }

    @Test("says of files that do not do where they come from and what is wrong")
    func problems() async throws {
        let certificates = try await TestCertificates()
        let first = try await certificates.issue("first", for: ["DNS:localhost"])
        let second = try await certificates.issue("second", for: ["DNS:localhost"])
        func problem(_ certificate: String, _ key: String) -> String {
            do {
                _ = try Self.tls((certificate, key))
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(problem(first.certificate, first.key) == "none")
        #expect(problem(first.key, first.key).hasPrefix("read certificates of first.key: "))
        #expect(problem(first.certificate, first.certificate).hasPrefix("read the key of first.pem: "))
        #expect(problem(first.certificate, second.key).hasPrefix("use first.pem with second.key for TLS: "))
    }
}
