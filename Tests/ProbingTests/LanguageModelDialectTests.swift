import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("The language model probe in other dialects", .timeLimit(.minutes(1)))
struct LanguageModelDialectTests {
    @Test(
        "measures a stream as it comes",
        arguments: [
            (LanguageModelDialect.messages, StreamFixture.usage(input: 1100, output: 6, cached: 1000)),
            (.responses, StreamFixture.usage(input: 36, output: 6, reasoning: 0, cached: 0)),
            (.completions, StreamFixture.usage(input: 5, output: 6)),
        ]
    )
    func stream(_ dialect: LanguageModelDialect, _ tokens: [TokenCount]) async throws {
        let events = try fixture("\(dialect.rawValue).sse").split(separator: "\n\n").map { "\($0)\n\n" }
        let steps = events.flatMap { [.pause(.milliseconds(10)), .send($0)] as [ScriptedService.Step] }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        let service = try await ScriptedService.start([.awaitRequest, .send(head)] + steps + [.close])
        var definition = definition(dialect)
        definition.expect = .text(containing: "Hello, world!")
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)

        #expect(outcome.failure == nil)
        let measurement = try #require(outcome.languageModel)
        let firstByte = try #require(measurement.timeToFirstByte)
        let firstToken = try #require(measurement.timeToFirstToken)
        #expect(firstByte <= firstToken)
        #expect(firstToken <= outcome.duration)
        #expect(measurement.timeToFirstVisibleToken == firstToken)
        #expect(measurement.interTokenTimes.map(\.tokens) == [2, 2])
        #expect(measurement.timePerOutputToken != nil)
        #expect(measurement.tokens == tokens)

        let request = try #require(service.record.requests.first)
        #expect(request.head.uri == "/v1/\(dialect.rawValue)")
        #expect(request.head.headers["accept"] == ["text/event-stream"])
        #expect(request.head.headers["anthropic-version"] == (dialect == .messages ? ["2023-06-01"] : []))
        let body = try LanguageModelRequest(definition, asksForUsage: true).encoded()
        #expect(request.body == String(decoding: body, as: UTF8.self))
    }

    @Test("a plain answer has a first byte and tokens", arguments: [LanguageModelDialect.messages, .responses])
    func plain(_ dialect: LanguageModelDialect) async throws {
        let answers: [LanguageModelDialect: String] = [
            .messages: #"{"type":"message","content":[{"type":"text","text":"OK"}],"stop_reason":"end_turn","#
                + #""usage":{"input_tokens":7,"output_tokens":2}}"#,
            .responses: #"{"object":"response","status":"completed","output":[{"type":"message","#
                + #""content":[{"type":"output_text","text":"OK"}]}],"usage":{"input_tokens":7,"output_tokens":2}}"#,
        ]
        let service = try await ScriptedService.start(.always(try #require(answers[dialect])))
        var definition = definition(dialect)
        definition.stream = false
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(outcome.languageModel?.timeToFirstByte != nil)
        #expect(outcome.languageModel?.timeToFirstToken == nil)
        #expect(outcome.languageModel?.tokens == StreamFixture.usage(input: 7, output: 2))
        #expect(service.record.requests.first?.head.headers["accept"] == ["application/json"])
    }

    @Test("an embedding has a duration, a first byte, and the tokens of its input")
    func embedding() async throws {
        let service = try await ScriptedService.start(
            .always(
                #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1e-3,2]}],"#
                    + #""model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}"#
            )
        )
        var definition = definition(.embeddings)
        definition.stream = false
        definition.expect = .embedding(dimensions: 3)
        let outcome = try await definition.probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(outcome.languageModel?.timeToFirstByte != nil)
        #expect(outcome.languageModel?.tokens == StreamFixture.usage(input: 8))

        definition.expect = .embedding(dimensions: 768)
        let failure = try await definition.probe(of: service).execute(deadline: .generous).failure
        #expect(
            failure
                == IterationFailure(
                    .validation,
                    "POST http://127.0.0.1:\(service.port)/v1/embeddings: "
                        + "the embedding has 3 dimensions where 768 were expected"
                )
        )
    }

    @Test("a header of the probe or of its target replaces the version of messages", arguments: [true, false])
    func version(_ isOfTarget: Bool) async throws {
        let service = try await ScriptedService.start(.always("", status: "529 Overloaded"))
        var definition = definition(.messages)
        var target = HTTPTarget.local(service.port)
        let header = HeaderDefinition("Anthropic-Version", "2099-01-01")
        if isOfTarget { target.headers = [header] } else { definition.headers = [header] }
        let probe = LanguageModelProbe(definition, target: target, transport: HTTPTransport(to: target))
        #expect(try await probe.execute(deadline: .generous).failure?.reason == .http5xx)
        #expect(service.record.requests.first?.head.headers["anthropic-version"] == ["2099-01-01"])
    }

    @Test(
        "a 400 is asked again without the usage only in a dialect that has such an option",
        arguments: [(LanguageModelDialect.messages, 1), (.responses, 1), (.completions, 2)]
    )
    func badRequest(_ dialect: LanguageModelDialect, _ requests: Int) async throws {
        let service = try await ScriptedService.start(.always("", status: "400 Bad Request"))
        let outcome = try await definition(dialect).probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .http4xx)
        #expect(service.record.requests.count == requests)
    }

    @Test(
        "a connection that ends within a stream leaves the tokens that were seen",
        arguments: [
            ("messages-no-end.sse", LanguageModelDialect.messages, StreamFixture.usage(input: 9, output: 1)),
            ("responses-no-end.sse", .responses, StreamFixture.estimated(1) + [StreamFixture.estimatedInput]),
            ("completions-no-end.sse", .completions, StreamFixture.estimated(1) + [StreamFixture.estimatedInput]),
        ]
    )
    func cutOff(_ file: String, _ dialect: LanguageModelDialect, _ tokens: [TokenCount]) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n"
        let service = try await ScriptedService.start([.awaitRequest, .send(head + (try fixture(file))), .close])
        let outcome = try await definition(dialect).probe(of: service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .truncated)
        #expect(outcome.languageModel?.tokens == tokens)
        #expect(outcome.languageModel?.timeToFirstToken != nil)
    }

    private func definition(_ dialect: LanguageModelDialect) -> LanguageModelDefinition {
        var definition = LanguageModelDefinition.small
        definition.dialect = dialect
        definition.path = "/v1/\(dialect.rawValue)"
        definition.maxTokens = 16
        return definition
    }

    private func fixture(_ file: String) throws -> String {
        try String(contentsOfFile: GoldenFile.fixture("streams/\(file)"), encoding: .utf8)
    }
}
