/// A chat completion of OpenAI's API.
///
/// https://platform.openai.com/docs/api-reference/chat: a stream is a chunk with the role, one for each token, one with the
/// finish reason, and one with the usage where it was asked for.
struct ChatCompletionRequest: ChoicesRequest {
    let head: ChoicesRequestHead
    let messages: [PromptMessage]

    private enum CodingKeys: CodingKey {
        case messages
    }

    init(from decoder: any Decoder) throws {
        head = try ChoicesRequestHead(from: decoder)
        messages = try decoder.container(keyedBy: CodingKeys.self).decode([PromptMessage].self, forKey: .messages)
    }

    var promptTokens: Int { messages.tokens }

    func streamed(_ reply: ModelReply) throws -> DemoAnswer {
        func chunk(_ choices: [Choice], usage: ChoicesUsage? = nil) -> ChoicesBody<Choice> {
            body("chat.completion.chunk", of: reply, choices, usage)
        }
        var events = [StreamEvent(value: chunk([Choice(delta: Message(role: "assistant", content: ""))]))]
        for token in reply.tokens {
            events.append(StreamEvent(delay: token.delay, value: chunk([Choice(delta: Message(content: token.text))])))
        }
        events.append(StreamEvent(value: chunk([Choice(delta: Message(), finishReason: reply.finishReason)])))
        if includesUsage {
            events.append(StreamEvent(value: chunk([], usage: ChoicesUsage(reply))))
        }
        return try .events(events, endsWithMark: true)
    }

    func plain(_ reply: ModelReply) throws -> DemoAnswer {
        let message = Message(role: "assistant", content: reply.text)
        let choice = Choice(message: message, finishReason: reply.finishReason)
        return try .json(body("chat.completion", of: reply, [choice], ChoicesUsage(reply)), after: reply.duration)
    }

    private func body(
        _ object: String,
        of reply: ModelReply,
        _ choices: [Choice],
        _ usage: ChoicesUsage?
    ) -> ChoicesBody<Choice> {
        ChoicesBody(
            id: "chatcmpl-\(reply.identity.id)",
            object: object,
            created: reply.identity.created,
            model: reply.model,
            choices: choices,
            usage: usage
        )
    }
}

private struct Choice: Encodable {
    var index = 0
    var message: Message?
    var delta: Message?
    var finishReason: String?

    private enum CodingKeys: String, CodingKey {
        case index, message, delta
        case finishReason = "finish_reason"
    }
}

private struct Message: Encodable {
    var role: String?
    var content: String?
}
