/// A request to the simulated model: what of it the demo service looks at, and how an answer looks in its dialect.
protocol ModelRequest: Decodable, Sendable {
    var model: String? { get }
    var maxTokens: Int? { get }
    var stream: Bool? { get }
    /// Of all that the model has to read.
    var promptTokens: Int { get }

    /// Each token after its delay, then the end.
    func streamed(_ reply: ModelReply) throws -> DemoAnswer
    /// Everything in one piece, when the last token would have come.
    func plain(_ reply: ModelReply) throws -> DemoAnswer
}

/// Text as requests have it, itself or in parts; only its tokens matter, and a word is one.
struct PromptText: Decodable, Sendable {
    private struct Part: Decodable {
        var text: String?
        var content: PromptText?
    }

    let tokens: Int

    /// What is neither text nor has any, such as an image, has no tokens.
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            tokens = text.split(separator: " ").count
        } else {
            let parts = try? value.decode([Part].self)
            tokens = (parts ?? []).reduce(0) {
                $0 + ($1.text ?? "").split(separator: " ").count + ($1.content?.tokens ?? 0)
            }
        }
    }
}

/// A message that a model reads.
struct PromptMessage: Decodable, Sendable {
    var role: String
    var content: PromptText?
}

extension [PromptMessage] {
    var tokens: Int { reduce(0) { $0 + ($1.content?.tokens ?? 0) } }
}
