import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("The language model probe", .timeLimit(.minutes(1)))
struct LanguageModelProbeTests {
    @Test("asks as configured, and measures a stream as it comes")
    func stream() async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .send(.streamHead),
            .pause(.milliseconds(40)), .send(.roleChunk.inChunk),
            .pause(.milliseconds(40)), .send(.chunk("forty").inChunk),
            .pause(.milliseconds(40)), .send(.chunk("-two", finishReason: "stop").inChunk),
            .pause(.milliseconds(40)), .send((.usageChunk + .done).inChunk + .streamEnd),
        ])
        var definition = LanguageModelDefinition.small
        definition.headers = [HeaderDefinition("x-team", "blue"), HeaderDefinition("accept", "text/event-stream, */*")]
        definition.expect = .text(containing: "forty-two")
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)

        #expect(outcome.failure == nil)
        #expect(outcome.duration >= .milliseconds(160))
        #expect(outcome.phases.keys.contains(.transfer))
        let measurement = try #require(outcome.languageModel)
        let firstByte = try #require(measurement.timeToFirstByte)
        let firstToken = try #require(measurement.timeToFirstToken)
        #expect(firstToken >= .milliseconds(80))
        #expect(firstByte <= firstToken)
        #expect(measurement.timeToFirstVisibleToken == firstToken)
        #expect(measurement.interTokenTimes.count == 1)
        #expect(measurement.interTokenTimes.first?.tokens == 1)
        #expect(measurement.timePerOutputToken == measurement.interTokenTimes.first?.time)
        #expect(outcome.duration >= firstToken)
        #expect(measurement.tokens == StreamFixture.usage(input: 7, output: 2))

        let request = try #require(service.record.requests.first)
        #expect(request.head.method == .POST)
        #expect(request.head.uri == "/v1/chat/completions")
        #expect(request.head.headers["content-type"] == ["application/json"])
        #expect(request.head.headers["accept"] == ["text/event-stream, */*"])
        #expect(request.head.headers["x-team"] == ["blue"])
        #expect(
            request.body
                == String(decoding: try LanguageModelRequest(definition, asksForUsage: true).encoded(), as: UTF8.self)
        )
    }

    @Test("each iteration has a nonce of its own")
    func nonce() async throws {
        let service = try await ScriptedService.start(.always(.goodStream, headers: [.eventStream]))
        var definition = LanguageModelDefinition.small
        definition.nonce = true
        let probe = definition.probe(of: service)
        for _ in 0..<3 { #expect(try await probe.execute(deadline: .generous).failure == nil) }
        #expect(Set(service.record.requests.map(\.body)).count == 3)
    }

    @Test("a 400 that goes away without the usage option is remembered")
    func usageNotSupported() async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .answer("no stream_options here", status: "400 Bad Request"),
            .awaitRequest, .answer(.goodStream, headers: [.eventStream]), .startOver,
        ])
        let probe = LanguageModelDefinition.small.probe(of: service)
        let first = try await probe.execute(deadline: .generous)
        #expect(first.failure == nil)
        #expect(first.languageModel?.tokens == StreamFixture.estimated(1) + [StreamFixture.estimatedInput])
        #expect(service.record.requests.map(\.asksForUsage) == [true, false])

        // The service answers its third request with a 400 again: it is not asked twice, as nothing is left to leave out.
        let second = try await probe.execute(deadline: .generous)
        #expect(
            second.failure
                == IterationFailure(
                    .http4xx,
                    "POST http://127.0.0.1:\(service.port)/v1/chat/completions: status 400 where 200 was expected, "
                        + "with the body 'no stream_options here'"
                )
        )
        #expect(service.record.requests.map(\.asksForUsage) == [true, false, false])
    }

    @Test(
        "a 400 that stays, or turns into another failure, says nothing about the usage option",
        arguments: [("400 Bad Request", FailureReason.http4xx), ("503 Service Unavailable", .http5xx)]
    )
    func badRequest(_ second: String, _ reason: FailureReason) async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .answer("", status: "400 Bad Request"), .awaitRequest, .answer("", status: second),
            .startOver,
        ])
        let probe = LanguageModelDefinition.small.probe(of: service)
        for _ in 0..<2 { #expect(try await probe.execute(deadline: .generous).failure?.reason == reason) }
        #expect(service.record.requests.map(\.asksForUsage) == [true, false, true, false])
    }

    @Test("a plain answer has a first byte, tokens, and no first token")
    func plain() async throws {
        let service = try await ScriptedService.start(
            .always(
                #"{"choices":[{"index":0,"message":{"role":"assistant","content":"OK"},"finish_reason":"stop"}],"#
                    + #""usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}"#
            )
        )
        var definition = LanguageModelDefinition.small
        definition.stream = false
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        let measurement = try #require(outcome.languageModel)
        #expect(measurement.timeToFirstByte != nil)
        #expect(measurement.timeToFirstToken == nil)
        #expect(measurement.tokens == StreamFixture.usage(input: 7, output: 2))
        let request = try #require(service.record.requests.first)
        #expect(request.head.headers["accept"] == ["application/json"])
        #expect(!request.asksForUsage)
    }

    @Test(
        "a plain answer whose tokens nobody has counted is estimated by its bytes, and one that says nothing costs nothing",
        arguments: [
            ("forty-two!", "", StreamFixture.estimated(3) + [StreamFixture.estimatedInput]),
            (
                "forty-two!", #","usage":{"prompt_tokens":7,"completion_tokens":0}"#,
                StreamFixture.usage(input: 7) + StreamFixture.estimated(3)
            ),
            ("", "", []),
        ]
    )
    func plainWithoutUsage(_ content: String, _ usage: String, _ tokens: [TokenCount]) async throws {
        let answer =
            #"{"choices":[{"index":0,"message":{"role":"assistant","content":""# + content
            + #""},"finish_reason":"stop"}]"# + usage + "}"
        let service = try await ScriptedService.start(.always(answer))
        var definition = LanguageModelDefinition.small
        definition.stream = false
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)
        #expect(outcome.languageModel?.tokens == tokens)
    }

    @Test("a plain 400 is not asked again")
    func plainBadRequest() async throws {
        let service = try await ScriptedService.start(.always("", status: "400 Bad Request"))
        var definition = LanguageModelDefinition.small
        definition.stream = false
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .http4xx)
        #expect(service.record.requests.count == 1)
    }

    struct WrongAnswer: CustomTestStringConvertible, Sendable {
        /// The end of the sentence that says what came back.
        var testDescription: String
        var reason: FailureReason
        /// The chunks with tokens that came first.
        var chunks = 0
        var answer: [ScriptedService.Step]

        init(_ testDescription: String, _ reason: FailureReason, chunks: Int = 0, _ answer: ScriptedService.Step...) {
            self.testDescription = testDescription
            self.reason = reason
            self.chunks = chunks
            self.answer = answer
        }
    }

    @Test(
        "a wrong answer fails with its reason, and a sentence that says what came back",
        arguments: [
            WrongAnswer(
                "status 429 where 200 was expected, with the body 'slow down'",
                .http429,
                .answer("slow down", status: "429 Too Many Requests")
            ),
            WrongAnswer("status 302 where 200 was expected", .http3xx, .answer("", status: "302 Found")),
            WrongAnswer(
                "status 500 where 200 was expected",
                .http5xx,
                .answer("", status: "500 Internal Server Error")
            ),
            WrongAnswer("status 204 where 200 was expected", .validation, .send("HTTP/1.1 204 No Content\r\n\r\n")),
            WrongAnswer(
                "the content type is 'application/json' where text/event-stream was expected",
                .protocol,
                .answer(.goodStream, headers: ["Content-Type: application/json"])
            ),
            WrongAnswer(
                "the content type is missing where text/event-stream was expected",
                .protocol,
                .answer(.goodStream)
            ),
            WrongAnswer(
                "the stream ended without [DONE]; chunks with tokens: 1",
                .truncated,
                chunks: 1,
                .answer(.roleChunk + .chunk("Half"), headers: [.eventStream])
            ),
            WrongAnswer(
                "the answer has no finish reason",
                .protocol,
                chunks: 1,
                .answer(.chunk("Half") + .done, headers: [.eventStream])
            ),
            WrongAnswer(
                "the answer has no content; the finish reason is 'stop'",
                .validation,
                .answer(.roleChunk + .chunk("", finishReason: "stop") + .done, headers: [.eventStream])
            ),
            WrongAnswer(
                "the stream has an error: 'out of memory'",
                .protocol,
                chunks: 1,
                .send(.streamHead),
                .send(.chunk("Half").inChunk),
                .send(.errorChunk.inChunk),
                .close
            ),
        ]
    )
    func failures(_ wrong: WrongAnswer) async throws {
        let service = try await ScriptedService.start([.awaitRequest] + wrong.answer)
        let outcome = try await LanguageModelDefinition.small.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == wrong.reason)
        let subject = "POST http://127.0.0.1:\(service.port)/v1/chat/completions"
        #expect(outcome.failure?.detail == "\(subject): \(wrong.testDescription)")
        #expect(outcome.languageModel?.timeToFirstByte != nil)
        #expect(
            outcome.languageModel?.tokens
                == (wrong.chunks > 0 ? StreamFixture.estimated(wrong.chunks) + [StreamFixture.estimatedInput] : [])
        )
    }

    @Test("a connection that ends within a stream leaves the tokens that were seen")
    func cutOff() async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .send(.streamHead), .send(.chunk("Half").inChunk), .send(.chunk(" an").inChunk), .close,
        ])
        let outcome = try await LanguageModelDefinition.small.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .truncated)
        #expect(outcome.languageModel?.tokens == StreamFixture.estimated(2) + [StreamFixture.estimatedInput])
        #expect(outcome.languageModel?.timeToFirstToken != nil)
    }

    @Test("a service that is silent in the middle of a stream is a timeout")
    func silence() async throws {
        let service = try await ScriptedService.start([.awaitRequest, .send(.streamHead), .send(.chunk("one").inChunk)])
        let probe = LanguageModelDefinition.small.probe(of: service)
        let outcome = try await withNearDeadline { time in
            try await probe.execute(deadline: .now() + time)
        } hasBegun: {
            $0.languageModel?.timeToFirstToken != nil
        }
        #expect(outcome.failure?.reason == .timeout)
        #expect(
            outcome.failure?.detail
                == "POST http://127.0.0.1:\(service.port)/v1/chat/completions: timed out after "
                + "\(String.chunk("one").utf8.count) bytes of the body"
        )
        #expect(outcome.languageModel?.tokens == StreamFixture.estimated(1) + [StreamFixture.estimatedInput])
    }

    @Test("a service that is not there is a failure without any measurement of a model")
    func refused() async throws {
        let service = try await ScriptedService.start([])
        try await service.stopListening()
        let outcome = try await LanguageModelDefinition.small.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .connect)
        #expect(outcome.languageModel == nil)
    }
}

extension LanguageModelDefinition {
    func probe(of service: ScriptedService) -> LanguageModelProbe {
        let target = HTTPTarget.local(service.port)
        return LanguageModelProbe(self, target: target, transport: HTTPTransport(to: target))
    }
}

extension ScriptedService.Request {
    fileprivate var asksForUsage: Bool { body.contains("stream_options") }
}

extension String {
    fileprivate static let eventStream = "Content-Type: text/event-stream; charset=utf-8"
    fileprivate static let done = "data: [DONE]\n\n"
    fileprivate static let roleChunk = #"data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]}"# + "\n\n"
    fileprivate static let errorChunk = #"data: {"error":{"message":"out of memory"}}"# + "\n\n"
    fileprivate static let usageChunk =
        #"data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}"# + "\n\n"
    fileprivate static let goodStream = chunk("OK", finishReason: "stop") + done

    fileprivate static func chunk(_ content: String, finishReason: String? = nil) -> String {
        let reason = finishReason.map { #""\#($0)""# } ?? "null"
        return #"data: {"choices":[{"index":0,"delta":{"content":"\#(content)"},"finish_reason":\#(reason)}]}"# + "\n\n"
    }

    /// The head of an answer in chunks.
    fileprivate static let streamHead = "HTTP/1.1 200 OK\r\n\(eventStream)\r\nTransfer-Encoding: chunked\r\n\r\n"
    fileprivate static let streamEnd = "0\r\n\r\n"

    /// The text as one chunk of HTTP.
    fileprivate var inChunk: String { "\(String(utf8.count, radix: 16))\r\n\(self)\r\n" }
}
