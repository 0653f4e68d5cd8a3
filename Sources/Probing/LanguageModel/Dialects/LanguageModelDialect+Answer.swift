import ExporterConfiguration

extension LanguageModelDialect {
    /// The decoder of the events of a stream, and of plain answers.
    var decoder: any DialectPart.Type {
        switch self {
        case .chatCompletion: ChoicesPart<ChatChoice>.self
        case .messages: MessagesPart.self
        case .responses: ResponsesPart.self
        case .completions: ChoicesPart<TextChoice>.self
        case .embeddings: EmbeddingsPart.self
        }
    }

    /// What a stream must not end without.
    var streamEnd: String {
        switch self {
        case .chatCompletion, .completions, .embeddings: Self.doneMark
        case .messages: "message_stop"
        case .responses: "response.completed"
        }
    }

    /// The data of the last event of a stream that has an event for just that.
    static var doneMark: String { "[DONE]" }

    /// Whether the service sends the usage of a stream only where it is asked for it.
    var hasUsageOption: Bool {
        switch self {
        case .chatCompletion, .completions: true
        case .messages, .responses, .embeddings: false
        }
    }
}
