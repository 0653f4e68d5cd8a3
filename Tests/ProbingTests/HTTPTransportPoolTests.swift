import BenchmarkModel
import ExporterTestSupport
import NIOCore
import Testing

@testable import Probing

@Suite("HTTP transport: connections of the pool", .timeLimit(.minutes(1)))
struct HTTPTransportPoolTests {
    @Test(
        "a pooled connection that ends before a byte of the answer is replaced by a fresh one",
        arguments: [ScriptedService.Step.close, .reset]
    )
    func stale(_ end: ScriptedService.Step) async throws {
        let service = try await ScriptedService.start(
            [.awaitRequest, .answer("one"), .awaitRequest, end],
            .always("two")
        )
        let transport = HTTPTransport(to: service)
        #expect(try await transport.get().text == "one")
        let answer = try await transport.get()
        #expect(answer.text == "two")
        #expect(answer.timing.phases[.connect] != nil)
        #expect(service.record.connections == 2)
        #expect(service.record.requests.count == 3)
    }

    @Test("a connection that the service closes while it is idle is not used again")
    func closedWhileIdle() async throws {
        let service = try await ScriptedService.start([.awaitRequest, .answer("one"), .close], .always("two"))
        let transport = HTTPTransport(to: service)
        #expect(try await transport.get().text == "one")
        await service.wait { $0.closedConnections == 1 }
        #expect(try await transport.get().text == "two")
        #expect(service.record.requests.count <= 3)
    }

    @Test("the fresh connection is the last attempt")
    func onlyOnce() async throws {
        let service = try await ScriptedService.start(
            [.awaitRequest, .answer("one"), .awaitRequest, .close],
            [.awaitRequest, .close]
        )
        let transport = HTTPTransport(to: service)
        _ = try await transport.get()
        let failure = try await transport.failureOfGet()
        #expect(failure.reason == .truncated)
        #expect(failure.detail == "GET http://127.0.0.1:\(service.port)/: no answer: the connection was closed")
        #expect(service.record.connections == 2)
    }

    @Test("a request of which an answer has begun is not sent again")
    func answeredInPart() async throws {
        let service = try await ScriptedService.start(
            [.awaitRequest, .answer("one"), .awaitRequest, .send("HTTP/1.1 200"), .close],
            .always("two")
        )
        let transport = HTTPTransport(to: service)
        _ = try await transport.get()
        let failure = try await transport.failureOfGet()
        #expect(failure.reason == .truncated)
        #expect(service.record.connections == 1)
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
