/// An event of OpenAI's responses, or a plain response.
///
/// https://platform.openai.com/docs/api-reference/responses-streaming: every event has a type, a plain response has none. The
/// last event has the whole response once more: of that only the reason and the usage are read, as its text has come before.
/// Unknown events are to be expected, and say nothing here.
struct ResponsesPart: DialectPart {
    let part: AnswerPart

    private enum CodingKeys: CodingKey {
        case type, delta, item, response
    }

    init(from decoder: any Decoder) throws {
        let event = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        switch event.decodeText(.type) {
        case nil: part = try Response(from: decoder).part
        case "response.output_text.delta": part.content = try event.decode(String.self, forKey: .delta)
        case "response.refusal.delta": part.refusal = try event.decode(String.self, forKey: .delta)
        case "response.reasoning_text.delta", "response.reasoning_summary_text.delta":
            part.hasReasoning = try event.hasText(.delta)
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta",
            "response.mcp_call_arguments.delta", "response.code_interpreter_call_code.delta":
            part.hasToolCall = try event.hasText(.delta)
        case "response.output_item.added":
            part.hasToolCall = try event.decode(Item.self, forKey: .item).part.hasToolCall
        case "response.completed", "response.incomplete", "response.failed":
            let response = try event.decode(Response.self, forKey: .response).part
            part.finishReason = response.finishReason
            part.usage = response.usage
            part.errorExcerpt = response.errorExcerpt
            part.endsStream = true
        case _: part.errorExcerpt = try ReportedError(from: decoder).excerpt
        }
        self.part = part
    }
}

private struct Response: Decodable {
    let part: AnswerPart

    private enum CodingKeys: String, CodingKey {
        case status, reason, output, usage
        case incompleteDetails = "incomplete_details"
    }

    /// A response that is not yet there has not said why it stopped; one that is incomplete says it in the details.
    init(from decoder: any Decoder) throws {
        let response = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        for item in try response.decodeIfPresent([Item].self, forKey: .output) ?? [] { item.add(to: &part) }
        switch try response.decodeIfPresent(String.self, forKey: .status) {
        case "in_progress", "queued": break
        case "incomplete":
            let details = try? response.nestedContainer(keyedBy: CodingKeys.self, forKey: .incompleteDetails)
            part.finishReason = details?.decodeText(.reason) ?? "incomplete"
        case let status: part.finishReason = status
        }
        part.usage = try response.decodeIfPresent(TokenUsage.self, forKey: .usage)
        part.errorExcerpt = try ReportedError(from: decoder).excerpt
        self.part = part
    }
}

/// A piece of the output: a message, reasoning, or the call of a tool, which alone has a name.
private struct Item: Decodable {
    let part: AnswerPart

    private enum CodingKeys: CodingKey {
        case type, content, name
    }

    private struct Content: Decodable {
        var text: String?
        var refusal: String?
    }

    init(from decoder: any Decoder) throws {
        let item = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        switch item.decodeText(.type) {
        case "message":
            for content in try item.decodeIfPresent([Content].self, forKey: .content) ?? [] {
                part.content += content.text ?? ""
                part.refusal += content.refusal ?? ""
            }
        case "reasoning": part.hasReasoning = true
        case _: part.hasToolCall = try item.hasText(.name)
        }
        self.part = part
    }

    func add(to whole: inout AnswerPart) {
        whole.content += part.content
        whole.refusal += part.refusal
        whole.hasReasoning = whole.hasReasoning || part.hasReasoning
        whole.hasToolCall = whole.hasToolCall || part.hasToolCall
    }
}
