import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Testing

@testable import DemoService

@Suite(.timeLimit(.minutes(1)))
struct DemoServiceTests {
    /// Runs a service, hands over a client, and cancels the service at the end.
    private func withService(_ body: (DemoClient) async throws -> Void) async throws {
        let service = try await bind()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await service.run() }
            try await body(client(of: service))
            group.cancelAll()
        }
    }

    private func bind(port: Int = 0) async throws -> DemoService {
        try await DemoService.bind(
            port: port,
            seed: 42,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func client(of service: DemoService) throws -> DemoClient {
        DemoClient(port: try #require(service.baseURL.split(separator: ":").last.flatMap { Int($0) }))
    }

    @Test(
        "health and readiness answer with a status",
        arguments: [("/health", #"{"status":"ok"}"#), ("/ready?verbose", #"{"status":"ready"}"#)]
    )
    func health(path: String, body: String) async throws {
        try await withService { client in
            let answer = try #require(try await client.send(.GET, path))
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == ["application/json"])
            #expect(answer.body == body)
            let head = try #require(try await client.send(.HEAD, path))
            #expect(head.headers["Content-Length"] == ["\(body.utf8.count)"])
            #expect(head.body.isEmpty)
        }
    }

    @Test("a question misses the cache once and hits it ever after, with the same answer")
    func cache() async throws {
        try await withService { client in
            let question = #"{"question":"Where is my order?"}"#
            let miss = try #require(try await client.send(.POST, "/v1/answers", body: question))
            let hit = try #require(try await client.send(.POST, "/v1/answers", body: question))
            #expect(miss.headers["X-Cache"] == ["miss"])
            #expect(hit.headers["X-Cache"] == ["hit"])
            #expect(hit.body == miss.body)
            #expect(try hit.json()["question"] == "Where is my order?")
        }
    }

    @Test("a session has the same messages each time")
    func context() async throws {
        try await withService { client in
            let first = try #require(try await client.send(.GET, "/v1/sessions/a-1/context"))
            let second = try #require(try await client.send(.GET, "/v1/sessions/a-1/context"))
            #expect(try first.json()["count"] == "20")
            #expect(try first.json()["id"] == "a-1")
            #expect(first.body == second.body)
        }
    }

    @Test("an intent is routed to an agent")
    func routing() async throws {
        try await withService { client in
            let answer = try #require(try await client.send(.POST, "/v1/route", body: #"{"intent":"refund"}"#))
            #expect(answer.body == #"{"agent":"billing"}"#)
        }
    }

    @Test("a streamed completion is a role, tokens, a finish reason, usage where asked for, and the end")
    func stream() async throws {
        try await withService { client in
            let body = """
                {"model":"m","messages":[{"role":"user","content":"Say OK."}],"max_tokens":3,"stream":true,
                "stream_options":{"include_usage":true}}
                """
            let answer = try #require(try await client.send(.POST, "/v1/chat/completions", body: body))
            #expect(answer.headers["Content-Type"] == ["text/event-stream"])
            let events = answer.body.split(separator: "\n\n", omittingEmptySubsequences: false)
            #expect(events.count == 8)
            #expect(events[0].contains(#""choices":[{"delta":{"content":"","role":"assistant"},"index":0}]"#))
            #expect(events[1].contains(#""delta":{"content":"Your"}"#))
            #expect(events[3].contains(#""delta":{"content":" left"}"#))
            #expect(events[4].contains(#""delta":{},"finish_reason":"length""#))
            let usage =
                #""usage":{"completion_tokens":3,"prompt_tokens":2,"prompt_tokens_details":{"cached_tokens":0},"#
            #expect(events[5].contains(#""choices":[],"#) && events[5].contains(usage))
            #expect(events[6...] == ["data: [DONE]", ""])
            #expect(events.dropLast().allSatisfy { $0.hasPrefix("data: ") })
            #expect(answer.pieces.count > 3, "each token is a chunk of its own")
        }
    }

    @Test("a plain completion comes in one piece with its usage")
    func plain() async throws {
        try await withService { client in
            let body = #"{"messages":[{"role":"user","content":[{"type":"text","text":"?"}]}],"max_tokens":2}"#
            let answer = try #require(try await client.send(.POST, "/v1/chat/completions", body: body))
            #expect(answer.body.contains(#""finish_reason":"length""#))
            #expect(answer.body.contains(#""message":{"content":"Your order","role":"assistant"}"#))
            #expect(answer.body.contains(#""usage":{"completion_tokens":2,"prompt_tokens":1,"#))
        }
    }

    @Test("the service can be told to fail and to be well again, and says how it behaves")
    func behaviour() async throws {
        try await withService { client in
            let failing = try #require(
                try await client.send(.PUT, "/demo/behaviour", body: #"{"fail_ratio":1,"paths":["/health"]}"#)
            )
            #expect(
                failing.body == #"{"fail_ratio":1,"hang":false,"paths":["/health"],"slow_by_ms":0,"wrong_ratio":0}"#
            )
            #expect(try await client.send(.GET, "/health")?.status == 500)
            #expect(try await client.send(.GET, "/ready")?.status == 200)
            #expect(try await client.send(.GET, "/demo/behaviour")?.body == failing.body)
            #expect(try await client.send(.DELETE, "/demo/behaviour")?.status == 200)
            #expect(try await client.send(.GET, "/health")?.status == 200)
        }
    }

    @Test("the service can be told to be slow")
    func slow() async throws {
        try await withService { client in
            _ = try await client.send(.PUT, "/demo/behaviour", body: #"{"slow_by_ms":50}"#)
            let duration = try await ContinuousClock().measure { _ = try await client.send(.GET, "/health") }
            #expect(duration >= .milliseconds(50))
        }
    }

    @Test("a service that stalls answers when it goes on")
    func stall() async throws {
        try await withService { client in
            let start = ContinuousClock.now
            let stall = #"{"stall":{"for":"200ms","every":"60m"}}"#
            _ = try await client.send(.PUT, "/demo/behaviour", body: stall)
            #expect(try await client.send(.GET, "/health")?.status == 200)
            #expect(start.duration(to: .now) >= .milliseconds(200))
        }
    }

    @Test("a memory that was made is read under its identifier, and deleted")
    func memory() async throws {
        try await withService { client in
            let body = #"{"content":"likes tea"}"#
            let created = try #require(try await client.send(.POST, "/v1/memories", body: body))
            let path = "/v1/memories/\(try #require(try created.json()["id"]))"
            #expect(created.status == 201)
            #expect(try await client.send(.GET, path)?.body == created.body)
            #expect(try await client.send(.DELETE, path)?.status == 204)
            #expect(try await client.send(.HEAD, path)?.status == 404)
        }
    }

    @Test("an answer without a body has no length, and the connection goes on")
    func noContent() async throws {
        try await withService { client in
            let answers = try await client.sendRaw(
                """
                DELETE /v1/sessions/a/context HTTP/1.1\r\nHost: demo\r\n\r\n\
                GET /health HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n
                """
            )
            #expect(answers.hasPrefix("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("an answer larger than a socket's buffer arrives whole before the connection is closed")
    func largeAnswer() async throws {
        try await withService { client in
            let content = String(repeating: "x", count: 1_000_000)
            let session = #"{"messages":[{"role":"user","content":"\#(content)"}]}"#
            #expect(try await client.send(.PUT, "/v1/sessions/a/context", body: session)?.status == 204)
            let answer = try #require(try await client.send(.GET, "/v1/sessions/a/context"))
            #expect(answer.body.utf8.count > 1_000_000)
            #expect(try answer.json()["count"] == "1")
        }
    }

    @Test("every request is counted, those that fail as well")
    func counts() async throws {
        try await withService { client in
            for path in ["/health", "/nothing", "/health?x", "/v1/sessions/a/context"] {
                _ = try await client.send(.GET, path)
            }
            _ = try await client.send(.PUT, "/demo/behaviour", body: #"{"fail_ratio":1}"#)
            _ = try await client.send(.GET, "/health")
            let counts = try #require(try await client.send(.GET, "/demo/counts")).json()
            #expect(counts["/health"] == "3")
            #expect(counts["/v1/sessions/{id}/context"] == "1")
            #expect(counts["/v1/route"] == "0")
            #expect(counts["other"] == "1")
            #expect(counts["/demo/counts"] == "1")
            #expect(counts.count == DemoRoute.allCases.count + 2, "one for each path, others, and what is held")
        }
    }

    @Test(
        "what does not exist or is not allowed is refused with a sentence",
        arguments: [
            (HTTPMethod.GET, "/nothing", nil, 404, "there is nothing at this path"),
            (.POST, "/health", "{}", 405, "/health allows GET, HEAD"),
            (.DELETE, "/v1/route", nil, 405, "/v1/route allows POST"),
            (.DELETE, "/v1/conversations/none", nil, 404, "there is no such conversation"),
            (.GET, "/v1/memories?query=%C3", nil, 400, "GET /v1/memories: 'query' is not percent-encoded UTF-8"),
            (.POST, "/v1/route", "{", 400, "POST /v1/route: the body is not JSON"),
            (.POST, "/v1/answers", "{}", 400, "POST /v1/answers: 'question' is missing"),
            (
                .POST, "/v1/chat/completions", #"{"messages":[{"content":"x"}]}"#, 400,
                "POST /v1/chat/completions: 'messages.Index 0.role' is missing"
            ),
        ] as [(HTTPMethod, String, String?, Int, String)]
    )
    func refused(method: HTTPMethod, path: String, body: String?, status: Int, reason: String) async throws {
        try await withService { client in
            let answer = try #require(try await client.send(method, path, body: body))
            #expect(answer.status == status)
            #expect(answer.body.contains(reason))
            #expect(answer.headers["Allow"].isEmpty == (status != 405))
        }
    }

    @Test("a body above one MiB is refused, and the service lives on")
    func largeBody() async throws {
        try await withService { client in
            let body = String(repeating: "x", count: (1 << 20) + 1)
            let answer = try #require(try await client.send(.POST, "/v1/route", body: body))
            #expect(answer.status == 413)
            #expect(try await client.send(.GET, "/health")?.status == 200)
        }
    }

    @Test(
        "what is not HTTP gets 400, and the service lives on",
        arguments: [
            "hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\u{1}\u{2}\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        ]
    )
    func malformed(text: String) async throws {
        try await withService { client in
            let answer = try await client.sendRaw(text)
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(try await client.send(.GET, "/health")?.status == 200)
        }
    }

    @Test("requests on one connection are answered in order, also to a client of HTTP/1.0")
    func pipelining() async throws {
        try await withService { client in
            let answers = try await client.sendRaw(
                """
                GET /health HTTP/1.1\r\nHost: demo\r\n\r\nPOST /v1/chat/completions HTTP/1.0\r\nContent-Length: 63\r\n\r\n\
                {"messages":[{"role":"user"}],"max_tokens":1,"stream":true    }
                """
            )
            let responses = answers.split(separator: "HTTP/1.")
            #expect(responses.count == 2)
            #expect(responses.first?.contains(#"{"status":"ok"}"#) == true)
            #expect(responses.last?.contains("Connection: close") == true)
            #expect(responses.last?.hasSuffix("data: [DONE]\n\n") == true)
        }
    }

    @Test("graceful shutdown closes connections that wait for an answer, and frees the port")
    func gracefulShutdown() async throws {
        let service = try await bind()
        let client = try client(of: service)
        let logger = Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        let serviceGroup = ServiceGroup(services: [service], logger: logger)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await serviceGroup.run() }
            _ = try await client.send(.PUT, "/demo/behaviour", body: #"{"hang":true}"#)
            async let silence = client.sendRaw("GET /health HTTP/1.1\r\nHost: demo\r\n\r\n")
            _ = try await client.send(.GET, "/demo/counts")
            await serviceGroup.triggerGracefulShutdown()
            #expect(try await silence.isEmpty)
        }
        await #expect(throws: (any Error).self) { try await client.send(.GET, "/health") }
    }

    @Test("a port that is taken is an error that names it")
    func portTaken() async throws {
        try await withService { client in
            let error = try await #require(throws: DemoError.self) { try await bind(port: client.port) }
            #expect(error.description == "demo service: listen on 127.0.0.1:\(client.port): address already in use")
        }
    }
}
