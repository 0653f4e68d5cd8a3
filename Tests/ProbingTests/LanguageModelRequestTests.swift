import Foundation
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("The request to a language model")
struct LanguageModelRequestTests {
    @Test("has what the definition has, and nothing else")
    func whole() throws {
        var definition = LanguageModelDefinition.small
        definition.system = "Be brief."
        definition.maxTokens = 16
        definition.temperature = 0.5
        #expect(
            try text(definition) == """
                {"max_tokens":16,"messages":[{"content":"Be brief.","role":"system"},\
                {"content":"Say OK / \\"fine\\".","role":"user"}],"model":"smollm2","stream":true,\
                "stream_options":{"include_usage":true},"temperature":0.5}
                """
        )
    }

    @Test("asks for usage only where it is told to, and only for a stream")
    func usage() throws {
        var definition = LanguageModelDefinition.small
        let withoutUsage = """
            {"messages":[{"content":"Say OK / \\"fine\\".","role":"user"}],"model":"smollm2","stream":true}
            """
        #expect(try text(definition, asksForUsage: false) == withoutUsage)
        definition.stream = false
        let plain = """
            {"messages":[{"content":"Say OK / \\"fine\\".","role":"user"}],"model":"smollm2","stream":false}
            """
        #expect(try text(definition) == plain)
    }

    @Test("begins the prompt with ten letters that are never the same, so that no cache knows it")
    func nonce() throws {
        var definition = LanguageModelDefinition.small
        definition.nonce = true
        let prompts = try (0..<100).map { _ in
            try text(definition)
        }
        #expect(Set(prompts).count == 100)
        for prompt in prompts {
            #expect(prompt.contains(/"content":"[a-z]{10} Say OK \/ \\"fine\\"\."/))
        }
    }

    @Test(
        "has the fields of its dialect",
        arguments: [
            (
                LanguageModelDialect.messages,
                """
                {"max_tokens":16,"messages":[{"content":"Say OK / \\"fine\\".","role":"user"}],"model":"smollm2",\
                "stream":true,"system":"Be brief.","temperature":0.5}
                """
            ),
            (
                .responses,
                """
                {"input":"Say OK / \\"fine\\".","instructions":"Be brief.","max_output_tokens":16,"model":"smollm2",\
                "store":false,"stream":true,"temperature":0.5}
                """
            ),
            (
                .completions,
                """
                {"max_tokens":16,"model":"smollm2","prompt":"Say OK / \\"fine\\".","stream":true,\
                "stream_options":{"include_usage":true},"temperature":0.5}
                """
            ),
        ]
    )
    func dialects(_ dialect: LanguageModelDialect, _ expected: String) throws {
        var definition = LanguageModelDefinition.small
        definition.dialect = dialect
        definition.system = "Be brief."
        definition.maxTokens = 16
        definition.temperature = 0.5
        #expect(try text(definition) == expected)
    }

    @Test("for an embedding has its input, and nothing of a stream")
    func embeddings() throws {
        var definition = LanguageModelDefinition.small
        definition.dialect = .embeddings
        definition.stream = false
        #expect(try text(definition) == #"{"input":"Say OK / \"fine\".","model":"smollm2"}"#)
    }

    private func text(_ definition: LanguageModelDefinition, asksForUsage: Bool = true) throws -> String {
        try String(
            decoding: LanguageModelRequest(definition, asksForUsage: asksForUsage).encoded(),
            as: UTF8.self
        )
    }
}

extension LanguageModelDefinition {
    /// A streamed request with no options.
    static let small = LanguageModelDefinition(
        dialect: .chatCompletion,
        path: "/v1/chat/completions",
        model: "smollm2",
        system: nil,
        prompt: "Say OK / \"fine\".",
        maxTokens: nil,
        temperature: nil,
        stream: true,
        nonce: false,
        headers: [],
        connection: .warm
    )
}
