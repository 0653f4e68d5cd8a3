/// An event of Anthropic's messages, or a plain message.
///
/// https://platform.claude.com/docs/en/build-with-claude/streaming: a stream is `message_start`, for each block of content
/// its start, deltas and stop, then `message_delta` with the reason and the usage, and `message_stop`. Unknown events, blocks
/// and deltas are to be expected, and say nothing here.
struct MessagesPart: DialectPart {
    let part: AnswerPart

    private enum CodingKeys: String, CodingKey {
        case type, message, delta, usage, content
        case contentBlock = "content_block"
        case stopReason = "stop_reason"
    }

    /// The usage at the start knows the input; its output is a beginning, and would hide how much came of an answer that
    /// is cut off.
    init(from decoder: any Decoder) throws {
        let event = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        switch event.decodeText(.type) {
        case "message":
            for block in try event.decodeIfPresent([Block].self, forKey: .content) ?? [] { block.add(to: &part) }
            part.finishReason = try event.decodeIfPresent(String.self, forKey: .stopReason)
            part.usage = try event.decodeIfPresent(TokenUsage.self, forKey: .usage)
        case "message_start":
            let message = try event.nestedContainer(keyedBy: CodingKeys.self, forKey: .message)
            part.usage = try message.decodeIfPresent(TokenUsage.self, forKey: .usage)
            part.usage?.output = nil
        case "content_block_start": try event.decode(Block.self, forKey: .contentBlock).add(to: &part)
        case "content_block_delta": try event.decode(Block.self, forKey: .delta).add(to: &part)
        case "message_delta":
            let delta = try event.nestedContainer(keyedBy: CodingKeys.self, forKey: .delta)
            part.finishReason = try delta.decodeIfPresent(String.self, forKey: .stopReason)
            part.usage = try event.decodeIfPresent(TokenUsage.self, forKey: .usage)
        case "message_stop": part.endsStream = true
        case _: part.errorExcerpt = try ReportedError(from: decoder).excerpt
        }
        self.part = part
    }
}

/// A block of content, its beginning, or what a delta adds to it; which of them it is shows in the fields that it has.
///
/// A signature, a citation and the result of a tool are nothing that the model generates token by token.
private struct Block: Decodable {
    private var text: String?
    private var thinking: String?
    /// Thinking that is encrypted.
    private var data: String?
    /// Of a tool.
    private var name: String?
    /// Of the arguments of a tool.
    private var partialJSON: String?

    private enum CodingKeys: String, CodingKey {
        case text, thinking, data, name
        case partialJSON = "partial_json"
    }

    func add(to part: inout AnswerPart) {
        part.content += text ?? ""
        if [thinking, data].contains(where: { $0?.isEmpty == false }) { part.hasReasoning = true }
        if [name, partialJSON].contains(where: { $0?.isEmpty == false }) { part.hasToolCall = true }
    }
}
