import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP transport: failures", .timeLimit(.minutes(1)))
struct HTTPTransportFailureTests {
    struct Misbehaviour: CustomTestStringConvertible {
        var steps: [ScriptedService.Step]
        var reason: FailureReason
        /// What the detail says after its subject.
        var clause: String

        init(_ steps: ScriptedService.Step..., reason: FailureReason, _ clause: String) {
            self.steps = steps
            self.reason = reason
            self.clause = clause
        }

        var testDescription: String { clause }
    }

    static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test(
        "a service that misbehaves is a failure with its reason",
        arguments: [
            Misbehaviour(.close, reason: .truncated, "no answer: the connection was closed"),
            Misbehaviour(.reset, reason: .truncated, "no answer: Connection reset by peer"),
            Misbehaviour(
                .send("HTTP/1.1 200 OK\r\nServer: x"),
                .close,
                reason: .truncated,
                "the answer ended in its head: the connection was closed"
            ),
            Misbehaviour(
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
                .close,
                reason: .truncated,
                "the answer ended after 3 bytes of the body: the connection was closed"
            ),
            Misbehaviour(
                .send(chunked + "3\r\nabc\r\n"),
                .close,
                reason: .truncated,
                "the answer ended after 3 bytes of the body: the connection was closed"
            ),
            Misbehaviour(
                .send(chunked + "3\r\nabc\r\n"),
                .pause(.milliseconds(300)),
                .reset,
                reason: .truncated,
                "the answer ended after 3 bytes of the body: Connection reset by peer"
            ),
            Misbehaviour(
                .send(chunked + "xyz\r\n"),
                reason: .protocol,
                "the answer is not HTTP/1.1: invalid character in chunk size header"
            ),
            Misbehaviour(
                .send("SSH-2.0-OpenSSH_9.2\r\n"),
                reason: .protocol,
                "the answer is not HTTP/1.1: invalid constant string"
            ),
            Misbehaviour(
                .send("HTTP/2.0 200 OK\r\n\r\n"),
                reason: .protocol,
                "the answer is not HTTP/1.1: invalid HTTP version"
            ),
            Misbehaviour(
                .send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
                reason: .protocol,
                "the answer switches protocols, which was not asked for"
            ),
            Misbehaviour(
                .send("HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000)),
                reason: .tooLarge,
                "the head of the answer is too large"
            ),
            Misbehaviour(
                .send("HTTP/1.1 200 OK\r\n"),
                .sendForever("X: y\r\n"),
                reason: .tooLarge,
                "the head of the answer is too large"
            ),
            Misbehaviour(
                .send("HTTP/1.1 200 OK\r\n\r\n"),
                .sendForever(String(repeating: "y", count: 65_536)),
                reason: .tooLarge,
                "the body is larger than 8388608 bytes"
            ),
        ]
    )
    func misbehaviour(_ case: Misbehaviour) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + `case`.steps)
        let transport = HTTPTransport(to: service)
        for connection in [.warm, .cold] as [ConnectionPolicy] {
            let failure = try await transport.failureOfGet("/x?key=secret", connection: connection)
            // An expectation looks at every value in it, and the failure may hold 8 MiB.
            let (reason, detail) = (failure.reason, failure.detail)
            #expect(reason == `case`.reason)
            #expect(detail == "GET http://127.0.0.1:\(service.port)/x: \(`case`.clause)")
        }
        await service.wait { $0.closedConnections == $0.connections }
    }

    @Test(
        "a deadline ends an exchange wherever it stands",
        arguments: [
            Misbehaviour(reason: .timeout, "timed out waiting for the answer"),
            Misbehaviour(.send("HTTP/1.1 200 OK\r\nX"), reason: .timeout, "timed out in the head of the answer"),
            Misbehaviour(
                .sendForever("HTTP/1.1 102 Processing\r\n\r\n"),
                reason: .timeout,
                "timed out in the head of the answer"
            ),
            Misbehaviour(
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
                reason: .timeout,
                "timed out after 3 bytes of the body"
            ),
        ]
    )
    func deadline(_ case: Misbehaviour) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + `case`.steps)
        let failure = try await HTTPTransport(to: service).failureOfGet(deadline: .near)
        #expect(failure.reason == .timeout)
        #expect(failure.detail == "GET http://127.0.0.1:\(service.port)/: \(`case`.clause)")
        await service.wait { $0.closedConnections == 1 }
    }

    @Test("a dripping body ends at the deadline, and what had arrived is there")
    func drip() async throws {
        let drops = Array(repeating: [.send("."), .pause(.milliseconds(5))] as [ScriptedService.Step], count: 1_000)
        let service = try await ScriptedService.start(
            [.awaitRequest, .send("HTTP/1.1 202 Accepted\r\nX-A: b\r\n\r\n")] + drops.flatMap(\.self)
        )
        let failure = try await HTTPTransport(to: service).failureOfGet(deadline: .near)
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

    @Test("an address that swallows packets is a timeout")
    func blackHole() async throws {
        let hole = try BlackHole()
        let failure = try await HTTPTransport(to: .local(hole.port)).failureOfGet(deadline: .near)
        #expect(failure.reason == .timeout)
        #expect(
            failure.detail
                == "GET http://127.0.0.1:\(hole.port)/: timed out while connecting to 127.0.0.1:\(hole.port)"
        )
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
        let answer = try await transport.get(deadline: .now() + .seconds(3))
        #expect(answer.text == "ok")
        #expect(service.record.requests.first?.head.headers["host"] == ["assistant.test"])
    }

    @Test("a name that does not resolve is a failure of names")
    func unknownName() async throws {
        let resolver = NameResolver { host, _ throws(NameResolutionError) in
            throw NameResolutionError(.failed("Name or service not known"), host: host)
        }
        let transport = HTTPTransport(to: .local(8000, host: "assistant.test"), resolver: resolver)
        let failure = try await transport.failureOfGet()
        #expect(failure.reason == .dns)
        #expect(
            failure.detail
                == "GET http://assistant.test:8000/: resolving assistant.test: Name or service not known"
        )
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
