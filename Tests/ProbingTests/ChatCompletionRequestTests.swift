import Foundation
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("The request for a chat completion")
struct ChatCompletionRequestTests {
    @Test("has what the definition has, and nothing else")
    func whole() throws {
        var definition = ChatCompletionDefinition.small
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
        var definition = ChatCompletionDefinition.small
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
        var definition = ChatCompletionDefinition.small
        definition.nonce = true
        let prompts = (0..<100).map { _ in
            ChatCompletionRequest(definition, asksForUsage: true).messages.map(\.content).joined()
        }
        #expect(Set(prompts).count == 100)
        for prompt in prompts {
            #expect(prompt.dropFirst(10) == " Say OK / \"fine\".")
            #expect(prompt.prefix(10).allSatisfy { ("a"..."z").contains($0) })
        }
    }

    private func text(_ definition: ChatCompletionDefinition, asksForUsage: Bool = true) throws -> String {
        try String(
            decoding: ChatCompletionRequest(definition, asksForUsage: asksForUsage).encoded(),
            as: UTF8.self
        )
    }
}

extension ChatCompletionDefinition {
    /// A streamed request with no options.
    static let small = ChatCompletionDefinition(
        path: "/v1/chat/completions",
        model: "smollm2",
        system: nil,
        prompt: "Say OK / \"fine\".",
        maxTokens: nil,
        temperature: nil,
        stream: true,
        nonce: false,
        headers: [],
        connection: .warm,
        contains: nil
    )
}
