/// A request to a language model.
package struct LanguageModelDefinition: Hashable, Sendable {
    package var dialect: LanguageModelDialect
    /// Appended to the target's base; starts with `/`.
    package var path: String
    package var model: String
    /// The system message; `nil` for none, and in dialects that have none.
    package var system: String?
    /// The user message, or the text to embed.
    package var prompt: String
    /// At least 1; `nil` leaves it to the server.
    package var maxTokens: Int?
    /// 0...2; `nil` leaves it to the server.
    package var temperature: Double?
    package var stream: Bool
    /// Whether the prompt begins with a fresh value, so that no cache can answer it.
    package var nonce: Bool
    package var headers: [HeaderDefinition]
    package var connection: ConnectionPolicy
    package var expect: LanguageModelExpectation
    /// At least 1: the answer must have come from the service's prompt cache in part; `nil` for whatever it says of it.
    package var minimumCachedTokens: Int?
    /// Values that a plain answer as a whole must have; empty for a streamed one.
    package var json: [JSONExpectation]

    package init(
        dialect: LanguageModelDialect,
        path: String,
        model: String,
        system: String? = nil,
        prompt: String,
        maxTokens: Int? = nil,
        temperature: Double? = nil,
        stream: Bool,
        nonce: Bool = true,
        headers: [HeaderDefinition] = [],
        connection: ConnectionPolicy = .warm,
        expect: LanguageModelExpectation = .text(containing: nil),
        minimumCachedTokens: Int? = nil,
        json: [JSONExpectation] = []
    ) {
        self.dialect = dialect
        self.path = path
        self.model = model
        self.system = system
        self.prompt = prompt
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.stream = stream
        self.nonce = nonce
        self.headers = headers
        self.connection = connection
        self.expect = expect
        self.minimumCachedTokens = minimumCachedTokens
        self.json = json
    }
}

/// The languages that services of language models are asked in; the raw value is the key of the probe.
package enum LanguageModelDialect: String, Hashable, Sendable, CaseIterable {
    /// OpenAI's chat completions.
    case chatCompletion = "chat_completion"
    /// Anthropic's messages.
    case messages
    /// OpenAI's responses.
    case responses
    /// OpenAI's older completions of a text.
    case completions
    /// OpenAI's embeddings, never streamed.
    case embeddings
}

/// What a right answer of a language model is; one that differs is a `validation` failure.
package enum LanguageModelExpectation: Hashable, Sendable {
    /// A text or a tool call; where a text is given, the answer must contain it.
    case text(containing: String?)
    /// An embedding; where its dimensions are given, at least 1, it must have just as many.
    case embedding(dimensions: Int?)
}
