/// The tokens that a service says an answer took; `nil` is a number that it did not give.
///
/// These numbers come from outside and are added up as costs, so one that is not whole, or not within 0 and `countLimit`,
/// is not taken: the answer stays valid, and what it cost is estimated, or unknown.
struct ChatUsage: Hashable, Sendable {
    /// More tokens than any one answer has, few enough that no sum of them overflows.
    static let countLimit = 1_000_000_000

    var input: Int?
    var output: Int?
    /// The part of `input` that came from the service's prompt cache.
    var cached: Int?
    /// The part of `output` that is reasoning.
    var reasoning: Int?
}

extension ChatUsage: Decodable {
    private enum CodingKeys: String, CodingKey {
        case input = "prompt_tokens"
        case output = "completion_tokens"
        case inputDetails = "prompt_tokens_details"
        case outputDetails = "completion_tokens_details"
    }

    private enum DetailKeys: String, CodingKey {
        case cached = "cached_tokens"
        case reasoning = "reasoning_tokens"
    }

    init(from decoder: any Decoder) {
        let usage = try? decoder.container(keyedBy: CodingKeys.self)
        input = usage?.tokenCount(.input)
        output = usage?.tokenCount(.output)
        cached = (try? usage?.nestedContainer(keyedBy: DetailKeys.self, forKey: .inputDetails))?.tokenCount(.cached)
        reasoning = (try? usage?.nestedContainer(keyedBy: DetailKeys.self, forKey: .outputDetails))?
            .tokenCount(.reasoning)
    }
}

extension KeyedDecodingContainer {
    fileprivate func tokenCount(_ key: Key) -> Int? {
        guard let count = try? decode(Int.self, forKey: key), 0...ChatUsage.countLimit ~= count else { return nil }
        return count
    }
}
