/// A choice of a chat completion: `delta` is there in a stream, `message` in a plain answer.
struct ChatChoice: AnswerChoice {
    let part: AnswerPart

    private enum CodingKeys: String, CodingKey {
        case delta, message
        case finishReason = "finish_reason"
    }

    init(from decoder: any Decoder) throws {
        let choice = try decoder.container(keyedBy: CodingKeys.self)
        let delta = try choice.decodeIfPresent(Message.self, forKey: .delta)
        let message = try choice.decodeIfPresent(Message.self, forKey: .message)
        var part = (delta ?? message)?.part ?? AnswerPart()
        part.finishReason = try choice.decodeIfPresent(String.self, forKey: .finishReason)
        self.part = part
    }
}

private struct Message: Decodable {
    let part: AnswerPart

    private enum CodingKeys: String, CodingKey {
        case content, refusal, reasoning
        case reasoningContent = "reasoning_content"
        case toolCalls = "tool_calls"
    }

    /// The dialect itself does not have reasoning, services have two names for it; one of another type than text is not
    /// the dialect's affair, and no error.
    init(from decoder: any Decoder) throws {
        let message = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        part.content = try message.decodeIfPresent(String.self, forKey: .content) ?? ""
        part.refusal = try message.decodeIfPresent(String.self, forKey: .refusal) ?? ""
        let reasoning = message.decodeText(.reasoningContent) ?? message.decodeText(.reasoning)
        part.hasReasoning = reasoning?.isEmpty == false
        part.hasToolCall = try message.decodeFirstIfPresent(ToolCall.self, forKey: .toolCalls)?.isEmpty == false
        self.part = part
    }
}

private struct ToolCall: Decodable {
    var function: Function?

    struct Function: Decodable {
        var name: String?
        var arguments: String?
    }

    var isEmpty: Bool { (function?.name ?? "").isEmpty && (function?.arguments ?? "").isEmpty }
}
