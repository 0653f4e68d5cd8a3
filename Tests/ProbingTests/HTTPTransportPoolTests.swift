import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import Testing

@testable import Probing

@Suite("HTTP transport: connections of the pool", .timeLimit(.minutes(1)))
struct HTTPTransportPoolTests {
    @Test(
        "a service that works on every second request and then gives no answer is asked once an iteration",
        arguments: [
            (ScriptedService.Step.close, "no answer: the connection was closed"),
            (.reset, "no answer: Connection reset by peer"),
        ]
    )
    func everySecondRequest(_ end: ScriptedService.Step, _ clause: String) async throws {
        let work = ScriptedService.Step.pause(.milliseconds(20))
        let service = try await ScriptedService.start([.awaitRequest, .answer("ok"), .awaitRequest, work, end])
        let target = HTTPTarget.local(service.port)
        let definition = HTTPProbeDefinition(method: "POST", path: "/", body: "{}")
        let probe = HTTPProbe(definition, target: target, transport: HTTPTransport(to: target))
        for _ in 0..<10 {
            #expect(try await probe.execute(deadline: .generous).failure == nil)
            let outcome = try await probe.execute(deadline: .generous)
            let detail = "POST http://127.0.0.1:\(service.port)/: \(clause)"
            #expect(outcome.failure == IterationFailure(.truncated, detail))
            #expect(outcome.duration >= .milliseconds(20))
        }
        #expect(service.record.requests.count == 20)
        #expect(service.record.connections == 10)
    }

    @Test("a connection that has been idle for too long is closed, and a fresh one made before the duration begins")
    func idleForTooLong() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let transport = HTTPTransport(to: .local(service.port), idleLimit: .zero)
        for count in 1...3 {
            let timing = try await transport.get().timing
            #expect(timing.phases[.connect] != nil)
            #expect(timing.startedAt == timing.requestStartedAt)
            #expect(service.record.connections == count)
        }
        await service.wait { $0.closedConnections == 3 }
        #expect(service.record.requests.count == 3)
    }

    @Test(
        "a connection is closed when its answer says so or more comes than was asked for",
        arguments: [
            [.answer("one", headers: ["Connection: close"])],
            [.answer("one"), .send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")],
            [.answer("one"), .pause(.milliseconds(20)), .send("?")],
        ] as [[ScriptedService.Step]]
    )
    func notKept(_ steps: [ScriptedService.Step]) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + steps, .always("two"))
        let transport = HTTPTransport(to: service)
        #expect(try await transport.get().text == "one")
        await service.wait { $0.closedConnections == 1 }
        #expect(try await transport.get().text == "two")
    }
}
