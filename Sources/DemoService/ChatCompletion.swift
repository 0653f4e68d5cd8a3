import Foundation

/// A request in the OpenAI dialect: what of it the demo service looks at.
struct ChatCompletionRequest: Decodable, Sendable {
    struct Message: Decodable, Sendable {
        /// Empty where the content is not plain text.
        var text: String

        private enum CodingKeys: String, CodingKey {
            case role, content
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            _ = try values.decode(String.self, forKey: .role)
            text = (try? values.decode(String.self, forKey: .content)) ?? ""
        }
    }

    struct StreamOptions: Decodable, Sendable {
        var includeUsage: Bool?

        private enum CodingKeys: String, CodingKey {
            case includeUsage = "include_usage"
        }
    }

    var model: String?
    var messages: [Message]
    var maxTokens: Int?
    var stream: Bool?
    var streamOptions: StreamOptions?

    private enum CodingKeys: String, CodingKey {
        case model, messages, stream
        case maxTokens = "max_tokens"
        case streamOptions = "stream_options"
    }
}

/// What the simulated model says, and how that looks on the wire, streamed or plain.
///
/// It always gives the same reply, a word a token, cut off at the `max_tokens` of the request.
struct ChatCompletion: Sendable {
    private static let reply = [
        "Your", " order", " left", " the", " warehouse", " this", " morning", " and", " should", " arrive", " within",
        " two", " days", ".", " I", " have", " sent", " you", " the", " tracking", " link", " by", " mail", ".",
    ]

    private let model: String
    private let tokens: [String]
    private let finishReason: String
    private let usage: Usage
    private let created: Int

    init(_ request: ChatCompletionRequest, now: Date = Date()) {
        model = request.model ?? "demo"
        tokens = Array(Self.reply.prefix(max(1, request.maxTokens ?? Self.reply.count)))
        finishReason = tokens.count < Self.reply.count ? "length" : "stop"
        let words = request.messages.reduce(0) { $0 + $1.text.split(separator: " ").count }
        usage = Usage(
            promptTokens: words,
            completionTokens: tokens.count,
            totalTokens: words + tokens.count
        )
        created = Int(now.timeIntervalSince1970)
    }

    /// The role at once, each token after its latency, then the end.
    func streamed(includesUsage: Bool, latencies: inout LatencyModel) throws -> DemoAnswer {
        var events = [(delay: Duration.zero, value: chunk(Delta(role: "assistant", content: "")))]
        for (index, token) in tokens.enumerated() {
            events.append((latencies.draw(index == 0 ? .firstToken : .nextToken), chunk(Delta(content: token))))
        }
        events.append((.zero, chunk(Delta(), finishReason: finishReason)))
        if includesUsage {
            events.append((.zero, body("chat.completion.chunk", choices: [], usage: usage)))
        }
        return try .events(events)
    }

    /// Everything in one piece, when the last token would have come.
    func plain(latencies: inout LatencyModel) throws -> DemoAnswer {
        var delay = latencies.draw(.firstToken)
        for _ in tokens.dropFirst() { delay += latencies.draw(.nextToken) }
        let message = Delta(role: "assistant", content: tokens.joined())
        let choice = Choice(message: message, finishReason: finishReason)
        return try .json(body("chat.completion", choices: [choice], usage: usage), after: delay)
    }

    private func chunk(_ delta: Delta, finishReason: String? = nil) -> Body {
        body("chat.completion.chunk", choices: [Choice(delta: delta, finishReason: finishReason)], usage: nil)
    }

    private func body(_ object: String, choices: [Choice], usage: Usage?) -> Body {
        Body(id: "chatcmpl-demo", object: object, created: created, model: model, choices: choices, usage: usage)
    }
}

private struct Body: Encodable {
    var id: String
    var object: String
    var created: Int
    var model: String
    var choices: [Choice]
    var usage: Usage?
}

private struct Choice: Encodable {
    var index = 0
    var message: Delta?
    var delta: Delta?
    var finishReason: String?

    private enum CodingKeys: String, CodingKey {
        case index, message, delta
        case finishReason = "finish_reason"
    }
}

private struct Delta: Encodable {
    var role: String?
    var content: String?
}

private struct Usage: Encodable {
    var promptTokens: Int
    var completionTokens: Int
    var totalTokens: Int

    private enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
    }
}
