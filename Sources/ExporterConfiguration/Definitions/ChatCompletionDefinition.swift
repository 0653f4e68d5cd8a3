/// A request to a language model in the OpenAI dialect.
package struct ChatCompletionDefinition: Hashable, Sendable {
    /// Appended to the target's base; starts with `/`.
    package var path: String
    package var model: String
    /// The system message; `nil` for none.
    package var system: String?
    /// The user message.
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
    /// A text that the answer must contain.
    package var contains: String?

    package init(
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
        contains: String? = nil
    ) {
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
        self.contains = contains
    }
}
