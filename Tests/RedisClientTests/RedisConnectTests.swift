import ExporterTestSupport
import NIOCore
import Testing

@testable import RedisClient

@Suite("Connecting a RedisConnection", .timeLimit(.minutes(1)))
struct RedisConnectTests {
    @Test("a host is looked up, and its addresses are tried in order")
    func addressesInOrder() async throws {
        let server = try await RedisServer.start()
        let unused = try FreePort.find()
        let lookup: RedisNameLookup = { host, port, _ in
            #expect(host == "cache.internal")
            return [
                try SocketAddress(ipAddress: "127.0.0.1", port: unused),
                try SocketAddress(ipAddress: "127.0.0.1", port: port),
            ]
        }
        let address = RedisAddress(host: "cache.internal", port: server.port)
        let connection = try await RedisConnection.connect(to: address, lookup: lookup)
        #expect(try await connection.ask("PING") == .status("PONG"))
    }

    @Test("a Unix-domain socket is connected to without a lookup")
    func socket() async throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        let path = directory.file("redis.sock")
        let server = try await RedisServer.start(arguments: ["--unixsocket", path])
        let address = RedisAddress(host: "localhost", port: 1, socketPath: path, database: 1)
        let connection = try await RedisConnection.connect(to: address) { _, _, _ in [] }
        #expect(try await connection.ask("PING") == .status("PONG"))
        #expect(connection.connectTimes.nameResolution == nil)
        #expect(address.description == "unix://\(path)?db=1")
        #expect(server.port != 1)
        let nowhere = RedisAddress(host: "localhost", port: 1, socketPath: "/nowhere/redis.sock")
        let error = await failure { _ = try await RedisConnection.connect(to: nowhere) { _, _, _ in [] } }
        #expect(error?.code == .connect)
        #expect(error?.description == "connecting to redis at /nowhere/redis.sock: No such file or directory")
    }

    @Test("a port that nothing listens on is an error of connecting")
    func refused() async throws {
        let port = try FreePort.find()
        let error = await failure { _ = try await RedisConnection.connect(toPort: port) }
        #expect(error?.code == .connect)
        #expect(error?.description == "connecting to redis at 127.0.0.1:\(port): Connection refused")
    }

    @Test("a name without an address, and a lookup that fails, are errors of the lookup")
    func lookups() async throws {
        struct NoSuchName: Error {}
        let address = RedisAddress(host: "cache.internal", port: 6379)
        let empty = await failure { _ = try await RedisConnection.connect(to: address) { _, _, _ in [] } }
        #expect(empty?.code == .nameResolution)
        #expect(empty?.description == "connecting to redis at cache.internal:6379: the name has no address")
        let failed = await failure {
            _ = try await RedisConnection.connect(to: address) { _, _, _ in throw NoSuchName() }
        }
        #expect(failed?.code == .nameResolution)
        #expect(
            failed?.description == "connecting to redis at cache.internal:6379: NoSuchName()"
        )
        let late = await failure {
            _ = try await RedisConnection.connect(to: address, lookup: { _, _, _ in throw NoSuchName() }, within: .zero)
        }
        #expect(late?.code == .timeout)
        let cancelled = await withTaskGroup(of: RedisError?.self) { group in
            group.cancelAll()
            group.addTask {
                await failure { _ = try await RedisConnection.connect(to: address) { _, _, _ in throw NoSuchName() } }
            }
            return await group.next() ?? nil
        }
        #expect(cancelled?.code == .cancelled)
    }

    @Test("a deadline that passes ends the connecting, in the handshake and in the login")
    func deadline() async throws {
        let server = try await ScriptedServer.start()
        let plain = RedisAddress(host: "127.0.0.1", port: server.port, password: "s3cret")
        let login = await withNearDeadline(from: .milliseconds(500)) { time in
            await failure { _ = try await RedisConnection.connect(to: plain, within: time) }
        } hasBegun: {
            $0?.command == "AUTH"
        }
        #expect(login?.code == .timeout)
        #expect(login?.command == "AUTH")
        let secure = RedisAddress(host: "127.0.0.1", port: server.port, tls: RedisTLS())
        let handshake = await failure { _ = try await RedisConnection.connect(to: secure, within: .milliseconds(50)) }
        #expect(handshake?.code == .timeout)
        #expect(handshake?.command == nil)
        let late = await failure { _ = try await RedisConnection.connect(to: plain, within: .zero) }
        #expect(late?.code == .timeout)
        await server.stop()
    }

    @Test("cancelling the task ends the connecting at once, and the connection with it")
    func cancelled() async throws {
        let server = try await ScriptedServer.start()
        let address = RedisAddress(host: "127.0.0.1", port: server.port, tls: RedisTLS())
        let error = await withTaskGroup(of: RedisError?.self) { group in
            group.addTask { await failure { _ = try await RedisConnection.connect(to: address, within: .hours(1)) } }
            for await _ in server.arrivals { break }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
        #expect(error?.description == "connecting to redis at 127.0.0.1:\(server.port): cancelled")
        for await _ in server.closures { break }
        await server.stop()
    }
}

@Suite("RedisConnection over TLS", .timeLimit(.minutes(1)))
struct RedisTLSTests {
    @Test("a certificate of the authority with the right name is accepted, by name and by address")
    func accepted() async throws {
        let server = try await SecureRedisServer.start(names: ["DNS:cache.internal", "IP:127.0.0.1"])
        for host in ["127.0.0.1", "cache.internal"] {
            let connection = try await RedisConnection.connect(to: server.address(host: host))
            #expect(try await connection.ask("ECHO", "over TLS").text == "over TLS")
            #expect(try await connection.ask("SET", "key", String(repeating: "x", count: 1 << 20)) == .status("OK"))
            #expect(try await connection.ask("GET", "key").text?.utf8.count == 1 << 20)
            #expect(connection.connectTimes.tls.map { $0 > .zero } == true)
            await connection.close()
        }
        let renamed = try await RedisConnection.connect(
            to: server.address(host: "10.1.1.1", serverName: "cache.internal")
        )
        #expect(renamed.isOpen)
        let numbered = try await RedisConnection.connect(
            to: server.address(host: "cache.internal", serverName: "127.0.0.1")
        )
        #expect(numbered.isOpen)
    }

    @Test("a certificate with another name, or of another authority, is an error of TLS")
    func refused() async throws {
        let server = try await SecureRedisServer.start(names: ["DNS:cache.internal"])
        for host in ["127.0.0.1", "other.internal"] {
            let error = await failure { _ = try await RedisConnection.connect(to: server.address(host: host)) }
            #expect(error?.code == .tls)
            #expect(error?.description.contains("the TLS handshake failed: ") == true)
        }
        var address = server.address(host: "cache.internal")
        let others = try await TestCertificates()
        address.tls?.certificateAuthorityFile = others.authority
        let error = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(error?.code == .tls)
        #expect(error?.description.contains("CERTIFICATE_VERIFY_FAILED") == true)
    }

    @Test("a server that does not speak TLS, and one that closes in the handshake, are errors of TLS")
    func noTLS() async throws {
        let closing = try await ScriptedServer.start(script: [[.close]])
        let talking = try await ScriptedServer.start(greeting: [
            .send("-ERR max number of clients reached\r\n"), .close,
        ])
        for port in [closing.port, talking.port] {
            let address = RedisAddress(host: "127.0.0.1", port: port, tls: RedisTLS())
            let error = await failure { _ = try await RedisConnection.connect(to: address) }
            #expect(error?.code == .tls)
        }
        await closing.stop()
        await talking.stop()
    }

    @Test("a server that demands a certificate gets the client's, and refuses a client without")
    func clientCertificate() async throws {
        let server = try await SecureRedisServer.start(names: ["IP:127.0.0.1"], demandsCertificate: true)
        let files = try await server.certificates.issue("client", for: ["DNS:exporter.internal"])
        var address = server.address(host: "127.0.0.1")
        let refused = await failure { _ = try await RedisConnection.connect(to: address).ask("PING") }
        #expect(refused?.code == .tls)
        #expect(refused?.description.contains("CERTIFICATE_REQUIRED") == true)
        address.tls?.clientCertificate = RedisClientCertificate(
            certificateFile: files.certificate,
            keyFile: files.key
        )
        #expect(try await RedisConnection.connect(to: address).ask("PING") == .status("PONG"))
    }

    @Test("a client certificate that cannot be read, or that is not that of the key, is named")
    func unusableClientCertificate() async throws {
        let certificates = try await TestCertificates()
        let one = try await certificates.issue("one", for: ["DNS:one.internal"])
        let other = try await certificates.issue("other", for: ["DNS:other.internal"])
        let cases = [
            ("/nowhere/client.pem", one.key, "the client certificate in /nowhere/client.pem: "),
            (one.certificate, "/nowhere/client.key", "the key in /nowhere/client.key: "),
            (one.certificate, other.key, "the client certificate in \(one.certificate) and the key in \(other.key): "),
        ]
        for (certificate, key, what) in cases {
            let client = RedisClientCertificate(certificateFile: certificate, keyFile: key)
            let address = RedisAddress(host: "127.0.0.1", port: 6379, tls: RedisTLS(clientCertificate: client))
            let error = await failure { _ = try await RedisConnection.connect(to: address) }
            #expect(error?.code == .tls)
            #expect(error?.description.contains(what) == true)
        }
    }

    @Test("authorities that cannot be read are named")
    func noAuthorities() async throws {
        let tls = RedisTLS(certificateAuthorityFile: "/nowhere/ca.pem")
        let address = RedisAddress(host: "127.0.0.1", port: 6379, tls: tls)
        let error = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(error?.code == .tls)
        #expect(error?.description.contains("the certificate authorities in /nowhere/ca.pem: ") == true)
    }

    @Test("a server name that no certificate can have is an error of TLS")
    func impossibleName() async throws {
        let server = try await ScriptedServer.start()
        let address = RedisAddress(host: "127.0.0.1", port: server.port, tls: RedisTLS(serverName: "not\u{0}a name"))
        let error = await failure { _ = try await RedisConnection.connect(to: address) }
        #expect(error?.code == .tls)
        await server.stop()
    }
}

/// A real redis-server that speaks TLS, with a certificate for some names.
private struct SecureRedisServer {
    var server: RedisServer
    var port: Int
    var certificates: TestCertificates

    static func start(names: [String], demandsCertificate: Bool = false) async throws -> Self {
        let certificates = try await TestCertificates()
        let files = try await certificates.issue("server", for: names)
        let port = try FreePort.find()
        let server = try await RedisServer.start(arguments: [
            "--tls-port", "\(port)", "--tls-auth-clients", demandsCertificate ? "yes" : "no", "--tls-cert-file",
            files.certificate, "--tls-key-file", files.key, "--tls-ca-cert-file", certificates.authority,
        ])
        return Self(server: server, port: port, certificates: certificates)
    }

    func address(host: String, serverName: String? = nil) -> RedisAddress {
        let tls = RedisTLS(certificateAuthorityFile: certificates.authority, serverName: serverName)
        return RedisAddress(host: host, port: port, tls: tls)
    }
}
