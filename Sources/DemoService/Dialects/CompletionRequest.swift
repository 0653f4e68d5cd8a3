/// An older completion of OpenAI's API, which many servers of open models still have.
///
/// https://platform.openai.com/docs/api-reference/completions: a stream is a chunk for each token, one with the finish reason,
/// and one with the usage where it was asked for.
struct CompletionRequest: ChoicesRequest {
    let head: ChoicesRequestHead
    let prompt: PromptText

    private enum CodingKeys: CodingKey {
        case prompt
    }

    init(from decoder: any Decoder) throws {
        head = try ChoicesRequestHead(from: decoder)
        prompt = try decoder.container(keyedBy: CodingKeys.self).decode(PromptText.self, forKey: .prompt)
    }

    var promptTokens: Int { prompt.tokens }

    func streamed(_ reply: ModelReply) throws -> DemoAnswer {
        var events = reply.tokens.map { token in
            StreamEvent(delay: token.delay, value: body(of: reply, [Choice(text: token.text)], nil))
        }
        let end = Choice(text: "", finishReason: reply.finishReason)
        events.append(StreamEvent(value: body(of: reply, [end], nil)))
        if includesUsage {
            events.append(StreamEvent(value: body(of: reply, [], ChoicesUsage(reply))))
        }
        return try .events(events, endsWithMark: true)
    }

    func plain(_ reply: ModelReply) throws -> DemoAnswer {
        let choice = Choice(text: reply.text, finishReason: reply.finishReason)
        return try .json(body(of: reply, [choice], ChoicesUsage(reply)), after: reply.duration)
    }

    private func body(of reply: ModelReply, _ choices: [Choice], _ usage: ChoicesUsage?) -> ChoicesBody<Choice> {
        ChoicesBody(
            id: "cmpl-\(reply.identity.id)",
            object: "text_completion",
            created: reply.identity.created,
            model: reply.model,
            choices: choices,
            usage: usage
        )
    }
}

private struct Choice: Encodable {
    var index = 0
    var text: String
    var finishReason: String?

    private enum CodingKeys: String, CodingKey {
        case index, text
        case finishReason = "finish_reason"
    }
}
