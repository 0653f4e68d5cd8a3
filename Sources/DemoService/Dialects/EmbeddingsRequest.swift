/// Embeddings of OpenAI's API; the same text has the same vector in every service.
///
/// https://platform.openai.com/docs/api-reference/embeddings.
struct EmbeddingsRequest: Sendable {
    static let dimensions = 384
    static let model = "demo-embedding"
    /// A request may be large, and its answer would be a thousand times larger.
    private static let mostTexts = 16

    private var model: String
    private var texts: [String]

    func answer(dimensions: Int = dimensions, after delay: Duration = .zero) throws -> DemoAnswer {
        let embeddings = texts.enumerated().map { index, text in
            Embedding(index: index, embedding: Array(Self.vector(of: text).prefix(dimensions)))
        }
        let tokens = texts.reduce(0) { $0 + $1.split(separator: " ").count }
        let usage = Usage(promptTokens: tokens, totalTokens: tokens)
        return try .json(Answer(data: embeddings, model: model, usage: usage), after: delay)
    }

    /// Of length 1, pointing in a direction that looks random; six digits are as many as a `Float` has.
    private static func vector(of text: String) -> [Double] {
        var generator = SplitMix64(seed: text.stableHash)
        let deviates = (0..<dimensions).map { _ in generator.nextNormal() }
        let length = deviates.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return deviates.map { ($0 / length * 1e6).rounded() / 1e6 }
    }
}

extension EmbeddingsRequest: Decodable {
    private enum CodingKeys: CodingKey {
        case model, input
    }

    init(from decoder: any Decoder) throws {
        let request = try decoder.container(keyedBy: CodingKeys.self)
        model = String((try request.decodeIfPresent(String.self, forKey: .model) ?? Self.model).prefix(100))
        let text = try? request.decode(String.self, forKey: .input)
        texts = try text.map { [$0] } ?? request.decode([String].self, forKey: .input)
        guard (1...Self.mostTexts).contains(texts.count) else {
            throw DecodingError.dataCorruptedError(
                forKey: .input,
                in: request,
                debugDescription: "does not have between 1 and \(Self.mostTexts) texts"
            )
        }
    }
}

private struct Answer: Encodable {
    var object = "list"
    var data: [Embedding]
    var model: String
    var usage: Usage
}

private struct Embedding: Encodable {
    var object = "embedding"
    var index: Int
    var embedding: [Double]
}

private struct Usage: Encodable {
    var promptTokens: Int
    var totalTokens: Int

    private enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case totalTokens = "total_tokens"
    }
}
