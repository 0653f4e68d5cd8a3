// A dialect is a small thing: the body of its requests (LanguageModelRequest) and a decoder of its answers (in `Dialects`).
// What a decoder makes of an event or of a plain answer is a part, in words that all dialects share; everything after
// that, from the first token to the verdict, is the same for all of them.

/// What one event of a stream, or the whole of a plain answer, says.
struct AnswerPart: Hashable, Sendable {
    /// Visible text.
    var content = ""
    /// What the model says instead of an answer.
    var refusal = ""
    /// Whether there is something of what a model thinks before it answers.
    var hasReasoning = false
    /// Whether there is something of a call of a tool: its name or its arguments.
    var hasToolCall = false
    /// How many numbers the embedding has; `nil` where there is none.
    var dimensions: Int?
    /// Why the model stopped, in the service's word.
    var finishReason: String?
    var usage: TokenUsage?
    /// What the service says, in quotes, where it reports an error inside its answer, under the status 200.
    var errorExcerpt: String?
    /// Whether the stream ends here: nothing that follows counts.
    var endsStream = false

    var carriesTokens: Bool { !content.isEmpty || !refusal.isEmpty || hasReasoning || hasToolCall }
}

/// What an event of a stream, or a plain answer, is in a dialect.
///
/// An event that is of no interest is an empty part; only what contradicts the dialect is an error of decoding.
protocol DialectPart: Decodable {
    var part: AnswerPart { get }
}

extension KeyedDecodingContainer {
    /// The first element of an array, however many more a service sends; `nil` where there is none.
    func decodeFirstIfPresent<Element: Decodable>(_ type: Element.Type, forKey key: Key) throws -> Element? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        var elements = try nestedUnkeyedContainer(forKey: key)
        return elements.isAtEnd ? nil : try elements.decode(type)
    }

    /// A text, or `nil` where there is anything else, which is no error.
    func decodeText(_ key: Key) -> String? {
        try? decode(String.self, forKey: key)
    }

    /// Whether there is a text that is not empty; one of another type is an error.
    func hasText(_ key: Key) throws -> Bool {
        try decodeIfPresent(String.self, forKey: key)?.isEmpty == false
    }
}
