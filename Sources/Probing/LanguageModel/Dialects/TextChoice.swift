/// A choice of a completion, the same in a stream and in a plain answer.
struct TextChoice: AnswerChoice {
    let part: AnswerPart

    private enum CodingKeys: String, CodingKey {
        case text
        case finishReason = "finish_reason"
    }

    init(from decoder: any Decoder) throws {
        let choice = try decoder.container(keyedBy: CodingKeys.self)
        var part = AnswerPart()
        part.content = try choice.decodeIfPresent(String.self, forKey: .text) ?? ""
        part.finishReason = try choice.decodeIfPresent(String.self, forKey: .finishReason)
        self.part = part
    }
}
