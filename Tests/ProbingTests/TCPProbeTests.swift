import BenchmarkModel
import ExporterTestSupport
import NIOCore
import NIOPosix
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("TCP probe", .timeLimit(.minutes(1)))
struct TCPProbeTests {
    private func probe(
        _ port: Int,
        send: String? = nil,
        contains: String? = nil,
        matches: String? = nil,
        host: String = "127.0.0.1",
        tls: TLSDefinition? = nil,
        resolver: NameResolver = NameResolver()
    ) -> TCPProbe {
        TCPProbe(
            TCPProbeDefinition(send: send, expect: TextExpectation(contains: contains, matches: matches)),
            target: TCPTarget(host: host, port: port, tls: tls),
            group: MultiThreadedEventLoopGroup.singleton,
            resolver: resolver
        )
    }

    @Test("a connection alone is a success, whose duration is that of connecting")
    func connects() async throws {
        let service = try await ScriptedService.start([])
        let outcome = try await probe(service.port).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(Set(outcome.phases.keys) == [.connect])
        #expect(outcome.phases.values.reduce(.zero, +) <= outcome.duration)
        await service.wait { $0.closedConnections == 1 }
    }

    @Test("every address of a name is tried, and looking it up is part of the duration")
    func addresses() async throws {
        let service = try await ScriptedService.start([])
        let unused = try FreePort.find()
        let resolver = NameResolver { host, port throws(NameResolutionError) in
            let addresses = [unused, port].map { try? SocketAddress(ipAddress: "127.0.0.1", port: $0) }
            return addresses.compactMap(\.self)
        }
        let outcome = try await probe(service.port, host: "db.test", resolver: resolver).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(Set(outcome.phases.keys) == [.dns, .connect])
    }

    @Test("what is sent is answered, and the first bytes that hold the expectation end the wait")
    func talks() async throws {
        let server = try await RedisServer.start()
        let outcome = try await probe(server.port, send: "PING\r\n", contains: "+PONG\r\n", matches: "^.PONG")
            .execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(Set(outcome.phases.keys) == [.connect, .request, .wait, .transfer])
        #expect(outcome.phases.values.reduce(.zero, +) <= outcome.duration)
        let sent = try await probe(server.port, send: "PING\r\n").execute(deadline: .generous)
        #expect(sent.failure == nil)
        #expect(Set(sent.phases.keys) == [.connect, .request])
    }

    @Test("an answer in pieces is put together")
    func pieces() async throws {
        let service = try await ScriptedService.start([
            .send("220 mail"), .pause(.milliseconds(100)), .send(".test ready\r\n"),
        ])
        let outcome = try await probe(service.port, contains: "mail.test").execute(deadline: .generous)
        #expect(outcome.failure == nil)
        // Where the machine is busy, both pieces may come with one read.
        #expect(outcome.phases[.transfer] != nil)
        #expect(outcome.duration >= .milliseconds(100))
    }

    @Test("a port that nothing listens on, and a name without an address, are failures")
    func unreachable() async throws {
        let port = try FreePort.find()
        let refused = try await probe(port).execute(deadline: .generous)
        #expect(refused.failure?.reason == .connect)
        #expect(
            refused.failure?.detail
                == "tcp 127.0.0.1:\(port): no connection to 127.0.0.1:\(port): Connection refused"
        )
        let resolver = NameResolver { host, _ throws(NameResolutionError) in
            throw NameResolutionError(.failed("Name or service not known"), host: host)
        }
        let unknown = try await probe(1, host: "nowhere.test", resolver: resolver).execute(deadline: .generous)
        #expect(
            unknown.failure
                == IterationFailure(.dns, "tcp nowhere.test:1: resolving nowhere.test: Name or service not known")
        )
    }

    @Test("TLS is part of the duration, and a certificate that does not fit is a failure of TLS")
    func tls() async throws {
        let certificates = try await TestCertificates()
        let files = try await certificates.issue("db", for: ["IP:127.0.0.1"])
        let service = try await ScriptedService.start(tls: files, [.send("ready")])
        let trusted = TLSDefinition(certificateAuthorityFile: certificates.authority)
        let outcome = try await probe(service.port, contains: "ready", tls: trusted).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(Set(outcome.phases.keys) == [.connect, .tls, .wait, .transfer])
        let distrusted = try await probe(service.port, tls: TLSDefinition()).execute(deadline: .generous)
        #expect(distrusted.failure?.reason == .tls)
        let missing = TLSDefinition(certificateAuthorityFile: "/nowhere/ca.pem")
        let unreadable = try await probe(service.port, tls: missing).execute(deadline: .generous)
        #expect(unreadable.failure?.reason == .tls)
        #expect(unreadable.failure?.detail.contains("TLS cannot be set up with /nowhere/ca.pem: ") == true)
    }

    @Test("a cancelled task gets no outcome, and its connection is closed")
    func cancelled() async throws {
        let service = try await ScriptedService.start([])
        let probe = probe(service.port, contains: "never")
        let isCancelled = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    _ = try await probe.execute(deadline: .generous)
                    return false
                } catch {
                    return true
                }
            }
            await service.wait { $0.connections == 1 }
            group.cancelAll()
            return await group.next() ?? false
        }
        #expect(isCancelled)
        await service.wait { $0.closedConnections == 1 }
    }
}
