import BenchmarkModel
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Probe factory", .timeLimit(.minutes(1)))
struct ProbeFactoryTests {
    private let factory = ProbeFactory.test()

    @Test("benchmarks of one HTTP target share its connections, also with one that comes with a reload")
    func shared() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let target = HTTPTarget.local(service.port)
        let kept = benchmark("kept", .http(HTTPProbeDefinition(method: "GET", path: "/a"), target))
        let old = benchmark("changed", .http(HTTPProbeDefinition(method: "GET", path: "/b"), target))
        let new = benchmark("changed", .http(HTTPProbeDefinition(method: "GET", path: "/c"), target))
        let probe = await factory.probe(for: kept)
        #expect(try await probe.execute(deadline: .generous).failure == nil)
        #expect(try await factory.probe(for: old).execute(deadline: .generous).failure == nil)
        await factory.retain([kept, new])
        #expect(try await factory.probe(for: new).execute(deadline: .generous).failure == nil)
        #expect(try await probe.execute(deadline: .generous).failure == nil)
        #expect(service.record.requests.map(\.head.uri) == ["/a", "/b", "/c", "/a"])
        #expect(service.record.connections == 1)
    }

    @Test("the connections of an HTTP target that has gone are closed, and made anew if it comes back")
    func goneHTTP() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let probe = HTTPProbeDefinition(method: "GET", path: "/")
        let benchmark = benchmark("gone", .http(probe, .local(service.port)))
        for round in 1...2 {
            let probe = await factory.probe(for: benchmark)
            for _ in 0..<2 { #expect(try await probe.execute(deadline: .generous).failure == nil) }
            #expect(service.record.connections == round)
            await factory.retain([])
            await service.wait { $0.closedConnections == round }
        }
    }

    @Test("benchmarks of one Redis target are independent: the end of one leaves the connection of the other")
    func redis() async throws {
        let server = try await RedisServer.start()
        let endpoint = RedisEndpoint(host: "127.0.0.1", port: server.port, database: 0)
        let kept = benchmark("kept", .redis(RedisProbeDefinition(command: ["CLIENT", "ID"]), endpoint))
        let gone = benchmark("gone", .redis(RedisProbeDefinition(command: ["PING"]), endpoint))
        let probe = await factory.probe(for: kept)
        #expect(try await probe.execute(deadline: .generous).phases[.connect] != nil)
        #expect(try await factory.probe(for: gone).execute(deadline: .generous).failure == nil)
        await factory.retain([kept])
        let outcome = try await probe.execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(outcome.phases[.connect] == nil)
    }

    @Test("connections that wait are closed where that is asked for, and made anew with the next iteration")
    func dropped() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let server = try await RedisServer.start()
        let endpoint = RedisEndpoint(host: "127.0.0.1", port: server.port, database: 0)
        let http = HTTPProbeDefinition(method: "GET", path: "/")
        let probes = [
            await factory.probe(for: benchmark("http", .http(http, .local(service.port)))),
            await factory.probe(for: benchmark("redis", .redis(RedisProbeDefinition(command: ["PING"]), endpoint))),
        ]
        for round in 1...2 {
            for probe in probes {
                #expect(try await probe.execute(deadline: .generous).phases[.connect] != nil)
                #expect(try await probe.execute(deadline: .generous).phases[.connect] == nil)
            }
            await factory.dropConnections()
            await service.wait { $0.closedConnections == round }
        }
    }

    private func benchmark(_ name: String, _ probe: ProbeDefinition) -> BenchmarkDefinition {
        .test(probe, name: name)
    }
}
