/// A response of OpenAI's API.
///
/// https://platform.openai.com/docs/api-reference/responses-streaming: a stream is the response without its output, the item
/// and its part of text, a delta for each token, the ends of text, part and item, and the whole response.
struct ResponsesRequest: ModelRequest {
    var model: String?
    var instructions: PromptText?
    var input: PromptText
    var maxTokens: Int?
    var stream: Bool?

    private enum CodingKeys: String, CodingKey {
        case model, instructions, input, stream
        case maxTokens = "max_output_tokens"
    }

    var promptTokens: Int { input.tokens + (instructions?.tokens ?? 0) }

    func streamed(_ reply: ModelReply) throws -> DemoAnswer {
        let item = "msg_\(reply.identity.id)"
        var events: [StreamEvent] = []
        func send(_ event: Event, after delay: Duration = .zero) {
            var event = event
            event.sequenceNumber = events.count
            events.append(StreamEvent(delay: delay, name: event.type, value: event))
        }
        func sendText(
            _ type: String,
            part: Part? = nil,
            delta: String? = nil,
            text: String? = nil,
            after delay: Duration = .zero
        ) {
            send(
                Event(type: type, outputIndex: 0, itemID: item, contentIndex: 0, part: part, delta: delta, text: text),
                after: delay
            )
        }
        send(Event(type: "response.created", response: Response(reply, status: "in_progress")))
        let begun = Item(id: item, status: "in_progress")
        send(Event(type: "response.output_item.added", item: begun, outputIndex: 0))
        sendText("response.content_part.added", part: Part(text: ""))
        for token in reply.tokens {
            sendText("response.output_text.delta", delta: token.text, after: token.delay)
        }
        let whole = Response(whole: reply)
        sendText("response.output_text.done", text: reply.text)
        sendText("response.content_part.done", part: Part(text: reply.text))
        send(Event(type: "response.output_item.done", item: whole.output.first, outputIndex: 0))
        send(Event(type: "response.\(whole.status)", response: whole))
        return try .events(events, endsWithMark: false)
    }

    func plain(_ reply: ModelReply) throws -> DemoAnswer {
        try .json(Response(whole: reply), after: reply.duration)
    }
}

private struct Response: Encodable {
    var id: String
    var object = "response"
    var created: Int
    var status: String
    var incompleteDetails: IncompleteDetails?
    var model: String
    var output: [Item] = []
    var usage: Usage?

    struct IncompleteDetails: Encodable {
        var reason: String
    }

    private enum CodingKeys: String, CodingKey {
        case id, object, status, model, output, usage
        case created = "created_at"
        case incompleteDetails = "incomplete_details"
    }

    init(_ reply: ModelReply, status: String) {
        id = "resp_\(reply.identity.id)"
        created = reply.identity.created
        self.status = status
        model = reply.model
    }

    init(whole reply: ModelReply) {
        self.init(reply, status: reply.isCutOff ? "incomplete" : "completed")
        if reply.isCutOff { incompleteDetails = IncompleteDetails(reason: "max_output_tokens") }
        output = [Item(id: "msg_\(reply.identity.id)", status: status, content: [Part(text: reply.text)])]
        usage = Usage(reply)
    }
}

private struct Event: Encodable {
    var type: String
    var sequenceNumber = 0
    var response: Response?
    var item: Item?
    var outputIndex: Int?
    var itemID: String?
    var contentIndex: Int?
    var part: Part?
    var delta: String?
    var text: String?

    private enum CodingKeys: String, CodingKey {
        case type, response, item, part, delta, text
        case sequenceNumber = "sequence_number"
        case outputIndex = "output_index"
        case itemID = "item_id"
        case contentIndex = "content_index"
    }
}

private struct Item: Encodable {
    var id: String
    var type = "message"
    var status: String
    var role = "assistant"
    var content: [Part] = []
}

private struct Part: Encodable {
    var type = "output_text"
    var text: String
}

private struct Usage: Encodable {
    struct InputDetails: Encodable {
        var cachedTokens: Int

        private enum CodingKeys: String, CodingKey {
            case cachedTokens = "cached_tokens"
        }
    }

    struct OutputDetails: Encodable {
        var reasoningTokens = 0

        private enum CodingKeys: String, CodingKey {
            case reasoningTokens = "reasoning_tokens"
        }
    }

    var inputTokens: Int
    var inputDetails: InputDetails
    var outputTokens: Int
    var outputDetails = OutputDetails()
    var totalTokens: Int

    private enum CodingKeys: String, CodingKey {
        case inputTokens = "input_tokens"
        case inputDetails = "input_tokens_details"
        case outputTokens = "output_tokens"
        case outputDetails = "output_tokens_details"
        case totalTokens = "total_tokens"
    }

    init(_ reply: ModelReply) {
        inputTokens = reply.promptTokens
        inputDetails = InputDetails(cachedTokens: reply.cachedTokens)
        outputTokens = reply.tokens.count
        totalTokens = inputTokens + outputTokens
    }
}
