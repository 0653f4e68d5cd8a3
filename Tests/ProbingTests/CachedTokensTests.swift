import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Testing

@testable import Probing

@Suite("Answers from the cache of a language model", .timeLimit(.minutes(1)))
struct CachedTokensTests {
    private static func answer(usage: String) -> String {
        #"{"choices":[{"message":{"role":"assistant","content":"The word is blue"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":700,"completion_tokens":4\#(usage)}}"#
    }

    private func definition(at least: Int?) -> LanguageModelDefinition {
        LanguageModelDefinition(
            dialect: .chatCompletion,
            path: "/v1",
            model: "m",
            prompt: "p",
            stream: false,
            nonce: false,
            minimumCachedTokens: least
        )
    }

    @Test(
        "are proved by the count of the service",
        arguments: [
            (#","prompt_tokens_details":{"cached_tokens":512}"#, nil),
            (
                #","prompt_tokens_details":{"cached_tokens":511}"#,
                "the cache had 511 tokens where 512 were expected"
            ),
            ("", "the service does not say how many tokens its cache had, where 512 were expected"),
        ] as [(String, String?)]
    )
    func proof(usage: String, detail: String?) async throws {
        let service = try await ScriptedService.start(.always(Self.answer(usage: usage)))
        let target = HTTPTarget.local(service.port)
        let probe = LanguageModelProbe(definition(at: 512), target: target, transport: HTTPTransport(to: target))
        let failure = try await probe.execute(deadline: .generous).failure
        #expect(failure?.reason == (detail == nil ? nil : .validation))
        #expect(failure?.detail == detail.map { "POST http://127.0.0.1:\(service.port)/v1: \($0)" })
    }

    @Test("what the model said can be captured by later steps")
    func capture() async throws {
        let service = try await ScriptedService.start(.always(Self.answer(usage: "")))
        let factory = ProbeFactory.test()
        let steps = StepsDefinition(
            prefix: "",
            steps: [
                .test(
                    "ask",
                    .languageModel(definition(at: nil), .local(service.port)),
                    operation: "ask",
                    captures: ["word": .match("is (\\w+)")]
                ),
                .test("use", .request("GET", "/{{word}}", port: service.port)),
            ]
        )
        let outcome = try await factory.probe(for: .test(.steps(steps))).execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(outcome.operations[0].languageModel?.tokens.isEmpty == false)
        #expect(service.record.requests.map(\.head.uri) == ["/v1", "/blue"])
    }

    @Test("a service that refuses to count streamed tokens is asked for it once, whatever the prompt of an iteration")
    func usageOption() async throws {
        let stream =
            #"data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        let answer = ScriptedService.Step.answer(stream, headers: ["Content-Type: text/event-stream"])
        let service = try await ScriptedService.start([
            .awaitRequest, .answer("", status: "400 Bad Request"), .awaitRequest, answer, .awaitRequest, answer,
        ])
        let factory = ProbeFactory.test()
        var definition = definition(at: nil)
        definition.stream = true
        definition.prompt = "{{nonce}}"
        let steps = StepsDefinition(prefix: "", steps: [.test("a", .languageModel(definition, .local(service.port)))])
        let probe = await factory.probe(for: .test(.steps(steps)))
        for _ in 0..<2 { #expect(try await probe.execute(deadline: .generous).failure == nil) }
        #expect(service.record.requests.count == 3)
    }
}
