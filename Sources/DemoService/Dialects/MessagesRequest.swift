/// A message of Anthropic's API.
///
/// https://platform.claude.com/docs/en/build-with-claude/streaming: a stream is the message without its content, the start of
/// a block of text, a ping, a delta for each token, the end of the block, the reason and the usage, and the end.
struct MessagesRequest: ModelRequest {
    var model: String?
    var system: PromptText?
    var messages: [PromptMessage]
    var maxTokens: Int?
    var stream: Bool?

    private enum CodingKeys: String, CodingKey {
        case model, system, messages, stream
        case maxTokens = "max_tokens"
    }

    var promptTokens: Int { messages.tokens + (system?.tokens ?? 0) }

    func streamed(_ reply: ModelReply) throws -> DemoAnswer {
        func event(_ event: Event, after delay: Duration = .zero) -> StreamEvent {
            StreamEvent(delay: delay, name: event.type, value: event)
        }
        var start = Message(reply)
        start.usage?.outputTokens = 1
        var events = [
            event(Event(type: "message_start", message: start)),
            event(Event(type: "content_block_start", index: 0, contentBlock: Text(type: "text", text: ""))),
            event(Event(type: "ping")),
        ]
        for token in reply.tokens {
            let delta = Delta(type: "text_delta", text: token.text)
            events.append(event(Event(type: "content_block_delta", index: 0, delta: delta), after: token.delay))
        }
        let usage = Usage(outputTokens: reply.tokens.count)
        events += [
            event(Event(type: "content_block_stop", index: 0)),
            event(Event(type: "message_delta", delta: Delta(stopReason: reply.stopReason), usage: usage)),
            event(Event(type: "message_stop")),
        ]
        return try .events(events, endsWithMark: false)
    }

    func plain(_ reply: ModelReply) throws -> DemoAnswer {
        var message = Message(reply)
        message.content = [Text(type: "text", text: reply.text)]
        message.stopReason = reply.stopReason
        message.usage?.outputTokens = reply.tokens.count
        return try .json(message, after: reply.duration)
    }
}

private struct Message: Encodable {
    var type = "message"
    var id: String
    var role = "assistant"
    var model: String
    var content: [Text] = []
    var stopReason: String?
    var usage: Usage?

    private enum CodingKeys: String, CodingKey {
        case type, id, role, model, content, usage
        case stopReason = "stop_reason"
    }

    init(_ reply: ModelReply) {
        id = "msg_\(reply.identity.id)"
        model = reply.model
        usage = Usage(
            inputTokens: reply.promptTokens - reply.cachedTokens,
            cacheCreationTokens: 0,
            cacheReadTokens: reply.cachedTokens,
            outputTokens: 0
        )
    }
}

private struct Event: Encodable {
    var type: String
    var index: Int?
    var message: Message?
    var contentBlock: Text?
    var delta: Delta?
    var usage: Usage?

    private enum CodingKeys: String, CodingKey {
        case type, index, message, delta, usage
        case contentBlock = "content_block"
    }
}

private struct Text: Encodable {
    var type: String
    var text: String
}

private struct Delta: Encodable {
    var type: String?
    var text: String?
    var stopReason: String?

    private enum CodingKeys: String, CodingKey {
        case type, text
        case stopReason = "stop_reason"
    }
}

/// Of the input only what no cache knew is counted as such.
private struct Usage: Encodable {
    var inputTokens: Int?
    var cacheCreationTokens: Int?
    var cacheReadTokens: Int?
    var outputTokens: Int

    private enum CodingKeys: String, CodingKey {
        case inputTokens = "input_tokens"
        case cacheCreationTokens = "cache_creation_input_tokens"
        case cacheReadTokens = "cache_read_input_tokens"
        case outputTokens = "output_tokens"
    }
}

extension ModelReply {
    /// Why it ends, in the words of Anthropic.
    fileprivate var stopReason: String { isCutOff ? "max_tokens" : "end_turn" }
}
