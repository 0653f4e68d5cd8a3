/// An answer or an event of OpenAI's chat completions and older completions, which differ only in their choices.
struct ChoicesBody<Choice: Encodable>: Encodable {
    var id: String
    var object: String
    var created: Int
    var model: String
    var choices: [Choice]
    var usage: ChoicesUsage?
}

struct ChoicesUsage: Encodable {
    struct PromptDetails: Encodable {
        var cachedTokens: Int

        private enum CodingKeys: String, CodingKey {
            case cachedTokens = "cached_tokens"
        }
    }

    var promptTokens: Int
    var completionTokens: Int
    var totalTokens: Int
    var promptTokensDetails: PromptDetails

    private enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
        case promptTokensDetails = "prompt_tokens_details"
    }

    init(_ reply: ModelReply) {
        promptTokens = reply.promptTokens
        completionTokens = reply.tokens.count
        totalTokens = promptTokens + completionTokens
        promptTokensDetails = PromptDetails(cachedTokens: reply.cachedTokens)
    }
}

extension ModelReply {
    /// Why it ends, in the words of OpenAI.
    var finishReason: String { isCutOff ? "length" : "stop" }
}
