import BenchmarkModel
import ExporterTestSupport
import NIOCore
import Synchronization
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Hostile services: names and addresses", .timeLimit(.minutes(1)))
struct HostileNameTests {
    private func probe(of target: HTTPTarget, resolver: NameResolver = NameResolver()) -> HTTPProbe {
        let transport = HTTPTransport(to: target, resolver: resolver)
        return HTTPProbe(HTTPProbeDefinition(method: "GET", path: "/"), target: target, transport: transport)
    }

    @Test("an address that swallows packets is a timeout")
    func blackHole() async throws {
        let hole = try BlackHole()
        let endpoint = "127.0.0.1:\(hole.port)"
        try await HostileBehaviour("", .timeout, "timed out while connecting to \(endpoint)")
            .expectFailure(of: probe(of: .local(hole.port)), "GET http://\(endpoint)/")
    }

    @Test("a name that does not resolve is a failure of names")
    func unknownName() async throws {
        let resolver = NameResolver { host, _ throws(NameResolutionError) in
            throw NameResolutionError(.failed("Name or service not known"), host: host)
        }
        try await HostileBehaviour("", .dns, "resolving assistant.test: Name or service not known").expectFailure(
            of: probe(of: .local(8000, host: "assistant.test"), resolver: resolver),
            "GET http://assistant.test:8000/"
        )
    }

    @Test("a name server that never answers is a timeout, and so it is the next time")
    func hangingName() async throws {
        let gate = Gate()
        let resolver = NameResolver { _, _ in
            gate.wait()
            return []
        }
        for _ in 0..<2 {
            try await HostileBehaviour("", .timeout, "resolving assistant.test: timed out").expectFailure(
                of: probe(of: .local(8000, host: "assistant.test"), resolver: resolver),
                "GET http://assistant.test:8000/"
            )
        }
        gate.open()
    }

    @Test("new connections go where a name leads now, and a connection that is ready is used on")
    func movingName() async throws {
        let old = try await ScriptedService.start(.always("old"))
        let new = try await ScriptedService.start(.always("new"))
        let port = Mutex(old.port)
        let resolver = NameResolver { _, _ in
            [NameResolver.address(ofLiteral: "127.0.0.1", port: port.withLock { $0 })].compactMap(\.self)
        }
        let transport = HTTPTransport(to: .local(80, host: "assistant.test"), resolver: resolver)
        #expect(try await transport.get().text == "old")
        port.withLock { $0 = new.port }
        #expect(try await transport.get(connection: .cold).text == "new")
        #expect(try await transport.get().text == "old")
        await transport.close()
        #expect(try await transport.get().text == "new")
    }
}
