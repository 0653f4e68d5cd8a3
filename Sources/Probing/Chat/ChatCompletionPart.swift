/// What is read of an answer in the OpenAI dialect: one chunk of a stream, or the whole of a plain answer.
///
/// The two differ only in `delta` and `message`. Every field may be missing: services put pings, filter results and
/// usage into parts of their own.
struct ChatCompletionPart {
    /// The first choice; only one is asked for, and a usage chunk has none.
    var choice: Choice?
    var usage: ChatUsage?
    /// What the service says, in quotes, where it reports an error inside its answer, under the status 200.
    var errorExcerpt: String?

    struct Choice: Decodable {
        var delta: Message?
        var message: Message?
        var finishReason: String?

        private enum CodingKeys: String, CodingKey {
            case delta, message
            case finishReason = "finish_reason"
        }
    }

    struct Message {
        var content: String?
        var refusal: String?
        /// What a model thinks before it answers; the dialect itself does not have it, services have two names for it.
        var reasoning: String?
        /// The first one.
        var toolCall: ToolCall?
    }

    struct ToolCall: Decodable {
        var function: Function?

        struct Function: Decodable {
            var name: String?
            var arguments: String?
        }

        var isEmpty: Bool { (function?.name ?? "").isEmpty && (function?.arguments ?? "").isEmpty }
    }
}

extension ChatCompletionPart: Decodable {
    private enum CodingKeys: CodingKey {
        case choices, usage, error, object, message
    }

    /// An error is an object with a message, or a text, under `error`; in older servers the part itself.
    init(from decoder: any Decoder) throws {
        let part = try decoder.container(keyedBy: CodingKeys.self)
        choice = try part.decodeFirstIfPresent(Choice.self, forKey: .choices)
        usage = try part.decodeIfPresent(ChatUsage.self, forKey: .usage)
        if part.contains(.error), try !part.decodeNil(forKey: .error) {
            let error = try? part.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
            errorExcerpt = Self.excerpt(error?.decodeText(.message) ?? part.decodeText(.error))
        } else if part.decodeText(.object) == "error" {
            errorExcerpt = Self.excerpt(part.decodeText(.message))
        }
    }

    private static func excerpt(_ message: String?) -> String {
        message.map { Excerpt($0).description } ?? "no message"
    }
}

extension ChatCompletionPart.Message: Decodable {
    private enum CodingKeys: String, CodingKey {
        case content, refusal, reasoning
        case reasoningContent = "reasoning_content"
        case toolCalls = "tool_calls"
    }

    /// A reasoning of another type than text is not the dialect's affair, and no error.
    init(from decoder: any Decoder) throws {
        let message = try decoder.container(keyedBy: CodingKeys.self)
        content = try message.decodeIfPresent(String.self, forKey: .content)
        refusal = try message.decodeIfPresent(String.self, forKey: .refusal)
        reasoning = message.decodeText(.reasoningContent) ?? message.decodeText(.reasoning)
        toolCall = try message.decodeFirstIfPresent(ChatCompletionPart.ToolCall.self, forKey: .toolCalls)
    }
}

extension KeyedDecodingContainer {
    /// The first element of an array, however many more a service sends; `nil` where there is none.
    fileprivate func decodeFirstIfPresent<Element: Decodable>(_ type: Element.Type, forKey key: Key) throws -> Element?
    {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        var elements = try nestedUnkeyedContainer(forKey: key)
        return elements.isAtEnd ? nil : try elements.decode(type)
    }

    fileprivate func decodeText(_ key: Key) -> String? {
        try? decode(String.self, forKey: key)
    }
}
