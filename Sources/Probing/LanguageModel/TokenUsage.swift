/// The tokens that a service says an answer took; `nil` is a number that it did not give.
///
/// These numbers come from outside and are added up as costs, so one that is not whole, or not within 0 and `countLimit`,
/// is not taken: the answer stays valid, and what it cost is estimated, or unknown.
struct TokenUsage: Hashable, Sendable {
    /// More tokens than any one answer has, few enough that no sum of them overflows.
    static let countLimit = 1_000_000_000

    var input: Int?
    var output: Int?
    /// The part of `input` that came from the service's prompt cache.
    var cached: Int?
    /// The part of `output` that is reasoning.
    var reasoning: Int?

    /// Takes every number that `later` has, as some services send their usage as they go, and not all of it each time.
    mutating func update(with later: Self) {
        input = later.input ?? input
        output = later.output ?? output
        cached = later.cached ?? cached
        reasoning = later.reasoning ?? reasoning
    }

    /// How many tokens a text of `count` bytes has where nobody has counted them, at least 1.
    ///
    /// English comes to about four bytes a token (help.openai.com, "What are tokens and how to count them?").
    static func estimate(ofBytes count: Int) -> Int {
        max(1, (count + 3) / 4)
    }
}

extension TokenUsage: Decodable {
    /// The names of all dialects, no two of which mean different things by the same one.
    private enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case promptDetails = "prompt_tokens_details"
        case completionTokens = "completion_tokens"
        case completionDetails = "completion_tokens_details"
        case inputTokens = "input_tokens"
        case inputDetails = "input_tokens_details"
        case outputTokens = "output_tokens"
        case outputDetails = "output_tokens_details"
        case cacheRead = "cache_read_input_tokens"
        case cacheCreation = "cache_creation_input_tokens"
    }

    private enum DetailKeys: String, CodingKey {
        case cached = "cached_tokens"
        case reasoning = "reasoning_tokens"
    }

    init(from decoder: any Decoder) {
        guard let usage = try? decoder.container(keyedBy: CodingKeys.self) else { return }
        func detail(_ key: DetailKeys, of keys: CodingKeys...) -> Int? {
            keys.lazy.compactMap { try? usage.nestedContainer(keyedBy: DetailKeys.self, forKey: $0).tokenCount(key) }
                .first
        }
        let cacheRead = usage.tokenCount(.cacheRead)
        input = usage.tokenCount(.promptTokens)
        if input == nil, let uncached = usage.tokenCount(.inputTokens) {
            // Anthropic counts what its cache read and wrote beside the input, OpenAI within it.
            let total = uncached + (cacheRead ?? 0) + (usage.tokenCount(.cacheCreation) ?? 0)
            input = total <= Self.countLimit ? total : nil
        }
        output = usage.tokenCount(.completionTokens) ?? usage.tokenCount(.outputTokens)
        cached = detail(.cached, of: .promptDetails, .inputDetails) ?? cacheRead
        reasoning = detail(.reasoning, of: .completionDetails, .outputDetails)
    }
}

extension KeyedDecodingContainer {
    fileprivate func tokenCount(_ key: Key) -> Int? {
        guard let count = try? decode(Int.self, forKey: key), 0...TokenUsage.countLimit ~= count else { return nil }
        return count
    }
}
