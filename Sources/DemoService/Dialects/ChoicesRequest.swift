/// A request of OpenAI's chat completions or older completions, which differ only in what the model has to read.
protocol ChoicesRequest: ModelRequest {
    var head: ChoicesRequestHead { get }
}

extension ChoicesRequest {
    var model: String? { head.model }
    var maxTokens: Int? { head.maxTokens }
    var stream: Bool? { head.stream }

    /// Whether a stream ends with the usage.
    var includesUsage: Bool { head.streamOptions?.includeUsage == true }
}

struct ChoicesRequestHead: Decodable, Sendable {
    var model: String?
    var maxTokens: Int?
    var stream: Bool?
    var streamOptions: StreamOptions?

    private enum CodingKeys: String, CodingKey {
        case model, stream
        case maxTokens = "max_tokens"
        case streamOptions = "stream_options"
    }

    struct StreamOptions: Decodable, Sendable {
        var includeUsage: Bool?

        private enum CodingKeys: String, CodingKey {
            case includeUsage = "include_usage"
        }
    }
}
