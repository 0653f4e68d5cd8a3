/// OpenAI's embeddings, of which only the first is asked for.
struct EmbeddingsPart: DialectPart {
    let part: AnswerPart

    private enum CodingKeys: CodingKey {
        case data, usage
    }

    private struct Embedding: Decodable {
        var embedding: [Double]?
    }

    init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        part.dimensions = try answer.decodeFirstIfPresent(Embedding.self, forKey: .data)?.embedding?.count
        part.usage = try answer.decodeIfPresent(TokenUsage.self, forKey: .usage)
        part.errorExcerpt = try ReportedError(from: decoder).excerpt
        self.part = part
    }
}
