import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("HTTP transport: answers", .timeLimit(.minutes(1)))
struct HTTPTransportTests {
    @Test("a request carries the transport's headers, those of the target and its own, the same name only once")
    func requestHeaders() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let target = HTTPTarget.local(
            service.port,
            pathPrefix: "/v1",
            headers: [HeaderDefinition("Authorization", "Bearer a"), HeaderDefinition("X-Team", "red")]
        )
        let request = HTTPRequest(method: "POST", target: "/x?q=1", headers: ["x-team": "blue"], body: Array("{}".utf8))
        let result = try await HTTPTransport(to: target).exchange(request, connection: .warm, deadline: .generous)
        #expect(try result.get().text == "ok")
        let received = try #require(service.record.requests.first)
        #expect(received.head.method == .POST)
        #expect(received.head.uri == "/v1/x?q=1")
        #expect(received.body == "{}")
        let expected: HTTPHeaders = [
            "Host": "127.0.0.1:\(service.port)",
            "User-Agent": "ai-benchmark-exporter/0.1.0",
            "Authorization": "Bearer a",
            "x-team": "blue",
            "Content-Length": "2",
        ]
        #expect(received.head.headers == expected)
    }

    @Test(
        "a request that could not be sent as it is fails without a connection",
        arguments: [
            HTTPRequest(method: "GET /", target: "/"), HTTPRequest(method: "GET", target: "/a b"),
            HTTPRequest(method: "GET", target: "x"),
            HTTPRequest(method: "GET", target: "/", headers: ["X": "a\r\nY: b"]),
            HTTPRequest(method: "GET", target: "/", headers: ["X Y": "a"]),
        ]
    )
    func unsendable(_ request: HTTPRequest) async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let result = try await HTTPTransport(to: service).exchange(request, connection: .warm, deadline: .generous)
        guard case .failure(let failure) = result else { throw UnexpectedAnswer(status: 0) }
        #expect(failure.reason == .other)
        #expect(failure.detail.hasSuffix(": the request has a character that cannot be sent"))
        #expect(service.record.connections == 0)
    }

    @Test(
        "each way to end a body is understood",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nA: b\r\n\r\n",
                "hello"
            ),
            ("HTTP/1.0 200 OK\r\n\r\nhello", "hello"),
            ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", "hello"),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
                "hi"
            ),
            ("HTTP/1.1 204 No Content\r\n\r\n", ""),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", ""),
        ]
    )
    func framing(_ answer: String, _ body: String) async throws {
        let whole = try await ScriptedService.start([.awaitRequest, .send(answer), .close])
        #expect(try await HTTPTransport(to: whole).get().text == body)
        let pieces = answer.utf8.map { ScriptedService.Step.send(String(decoding: [$0], as: UTF8.self)) }
        let dripping = try await ScriptedService.start([.awaitRequest] + pieces + [.close])
        #expect(try await HTTPTransport(to: dripping).get().text == body)
    }

    @Test("the answer to HEAD has no body, whatever its length says")
    func head() async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), .startOver,
        ])
        let transport = HTTPTransport(to: service)
        for _ in 0..<2 {
            let request = HTTPRequest(method: "HEAD", target: "/")
            let answer = try await transport.exchange(request, connection: .warm, deadline: .generous).get()
            #expect(answer.headers.first(name: "content-length") == "5")
            #expect(answer.text.isEmpty)
        }
        #expect(service.record.connections == 1)
    }

    @Test("bytes carry the instants of the reads that brought them, the first of them that of the head's beginning")
    func arrivals() async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .send("HTTP/1.1 200 OK\r\n"), .pause(.milliseconds(100)),
            .send("Content-Length: 6\r\n\r\nab"), .pause(.milliseconds(100)), .send("cd"), .pause(.milliseconds(100)),
            .send("ef"),
        ])
        let answer = try await HTTPTransport(to: service).get()
        let timing = answer.timing
        // Where the machine is busy, what was sent in several writes may come with one read.
        let bytes = answer.body.bytes.indices.map(answer.body.arrival(ofByteAt:))
        let instants = [timing.startedAt, timing.requestWrittenAt, timing.firstByteAt] + bytes
        #expect(bytes.count == 6)
        #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(Set(answer.body.arrivals.map(\.endOffset)).isSubset(of: [2, 4, 6]))
        #expect(timing.completedAt == bytes.last)
        #expect(timing.duration >= .milliseconds(300))
        #expect(timing.phases.values.reduce(.zero, +) >= timing.duration)
    }

    @Test("warm exchanges share a connection; only the first has a phase for connecting, outside its duration")
    func warm() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let transport = HTTPTransport(to: service)
        let timings = [
            try await transport.get().timing, try await transport.get().timing, try await transport.get().timing,
        ]
        #expect(service.record.connections == 1)
        #expect(timings.map { $0.phases[.connect] != nil } == [true, false, false])
        #expect(timings.allSatisfy { $0.startedAt == $0.requestStartedAt })
        #expect(timings.allSatisfy { Set($0.phases.keys).isSuperset(of: [.request, .wait, .transfer]) })
        #expect(timings.allSatisfy { $0.phases[.dns] == nil && $0.phases[.tls] == nil })
    }

    @Test("cold exchanges have a connection each, which they say they will close and do, within their duration")
    func cold() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let target = HTTPTarget.local(service.port, host: "assistant.test")
        let resolver = NameResolver { _, _ in
            [NameResolver.address(ofLiteral: "127.0.0.1", port: service.port)].compactMap(\.self)
        }
        let transport = HTTPTransport(to: target, resolver: resolver)
        for _ in 0..<3 {
            let timing = try await transport.get(connection: .cold).timing
            #expect(Set(timing.phases.keys) == [.dns, .connect, .request, .wait, .transfer])
            #expect(timing.phases.values.reduce(.zero, +) <= timing.duration)
        }
        await service.wait { $0.closedConnections == 3 }
        #expect(service.record.connections == 3)
        #expect(service.record.requests.allSatisfy { $0.head.headers["connection"] == ["close"] })
    }

    @Test("workers at the same time have a connection each, and keep it")
    func workers() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let transport = HTTPTransport(to: service)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    for _ in 0..<20 { _ = try await transport.get() }
                }
            }
            try await group.waitForAll()
        }
        #expect(service.record.requests.count == 100)
        #expect(service.record.connections <= 5)
    }

    @Test("closing the transport closes its idle connections and pools none any more")
    func closing() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let transport = HTTPTransport(to: service)
        _ = try await transport.get()
        await transport.close()
        await service.wait { $0.closedConnections == 1 }
        _ = try await transport.get()
        await service.wait { $0.closedConnections == 2 }
    }
}
