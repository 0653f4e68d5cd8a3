/// A part of an answer that has choices: OpenAI's chat completions, and its older completions.
///
/// A chunk of a stream and a plain answer differ only within the choice. Every field may be missing: services put pings,
/// filter results and usage into parts of their own, which have no choice.
struct ChoicesPart<Choice: AnswerChoice>: DialectPart {
    let part: AnswerPart

    private enum CodingKeys: CodingKey {
        case choices, usage
    }

    /// Only one choice is asked for, so only the first is read.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var part = try container.decodeFirstIfPresent(Choice.self, forKey: .choices)?.part ?? AnswerPart()
        part.usage = try container.decodeIfPresent(TokenUsage.self, forKey: .usage)
        part.errorExcerpt = try ReportedError(from: decoder).excerpt
        self.part = part
    }
}

/// One of the answers that a model has given.
protocol AnswerChoice: Decodable {
    /// What the choice says, without usage and errors, which are not a choice's.
    var part: AnswerPart { get }
}
