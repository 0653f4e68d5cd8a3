import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP transport: failures", .timeLimit(.minutes(1)))
struct HTTPTransportFailureTests {
    @Test("a dripping body ends at the deadline, and what had arrived is there")
    func drip() async throws {
        let drops = Array(repeating: [.send("."), .pause(.milliseconds(5))] as [ScriptedService.Step], count: 1_000)
        let service = try await ScriptedService.start(
            [.awaitRequest, .send("HTTP/1.1 202 Accepted\r\nX-A: b\r\n\r\n")] + drops.flatMap(\.self)
        )
        let transport = HTTPTransport(to: service)
        let failure = try await withNearDeadline { time in
            try await transport.failureOfGet(deadline: .now() + time)
        } hasBegun: {
            $0.partial?.body.bytes.isEmpty == false
        }
        let partial = try #require(failure.partial)
        #expect(failure.reason == .timeout)
        #expect(partial.status == 202)
        #expect(partial.headers.first(name: "x-a") == "b")
        #expect(!partial.body.bytes.isEmpty)
        #expect(partial.timing.duration == failure.duration)
    }

    @Test("a port that nobody listens on is a failure to connect")
    func refused() async throws {
        let port = try FreePort.find()
        for connection in [.warm, .cold] as [ConnectionPolicy] {
            let failure = try await HTTPTransport(to: .local(port)).failureOfGet(connection: connection)
            #expect(failure.reason == .connect)
            #expect(
                failure.detail
                    == "GET http://127.0.0.1:\(port)/: no connection to 127.0.0.1:\(port): Connection refused"
            )
        }
    }

    @Test("of several addresses each has its share of the time, and the first that answers is taken")
    func addresses() async throws {
        let hole = try BlackHole()
        let refused = try FreePort.find()
        let service = try await ScriptedService.start(.always("ok"))
        let addresses = [hole.port, refused, service.port].compactMap {
            NameResolver.address(ofLiteral: "127.0.0.1", port: $0)
        }
        let transport = HTTPTransport(
            to: .local(80, host: "assistant.test"),
            resolver: NameResolver { _, _ in addresses }
        )
        let request = HTTPRequest(method: "GET", target: "/")
        let result = try await withNearDeadline(from: .seconds(3)) { time in
            try await transport.exchange(request, connection: .warm, deadline: .now() + time)
        } hasBegun: {
            (try? $0.get()) != nil
        }
        #expect(try result.get().text == "ok")
        #expect(service.record.requests.first?.head.headers["host"] == ["assistant.test"])
    }

    @Test(
        "cancelling the task ends the exchange and its connection at once",
        arguments: [[], [.send("HTTP/1.1 200 OK\r\n\r\nabc")]] as [[ScriptedService.Step]]
    )
    func cancellation(_ steps: [ScriptedService.Step]) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + steps)
        let transport = HTTPTransport(to: service)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await transport.get() }
            await service.wait { $0.requests.count == 1 }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        await service.wait { $0.closedConnections == 1 }
    }

    @Test("cancelling the task ends an exchange over a pooled connection too")
    func cancellationOfPooled() async throws {
        let service = try await ScriptedService.start([.awaitRequest, .answer("one"), .awaitRequest])
        let transport = HTTPTransport(to: service)
        _ = try await transport.get()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await transport.get() }
            await service.wait { $0.requests.count == 2 }
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
        #expect(service.record.connections == 1)
    }

    @Test("a task that is cancelled before it begins connects to nothing that lasts")
    func cancelledBefore() async throws {
        let hole = try BlackHole()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { _ = try await HTTPTransport(to: .local(hole.port)).get() }
            await #expect(throws: CancellationError.self) { try await group.next() }
        }
    }
}
