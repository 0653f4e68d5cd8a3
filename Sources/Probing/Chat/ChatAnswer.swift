import BenchmarkModel

/// What a language model has answered, as far as it was read.
struct ChatAnswer: Hashable, Sendable {
    /// The visible text.
    private(set) var text = ""
    /// What the model says instead of an answer.
    private(set) var refusal = ""
    private(set) var hasReasoning = false
    private(set) var hasToolCall = false
    /// Why the model stopped, in the service's word; `nil` as long as it has not said so.
    private(set) var finishReason: String?
    private(set) var usage = ChatUsage()
    /// Where in the body the chunks end that carry tokens, ascending; empty for a plain answer.
    private(set) var tokenOffsets: [Int] = []
    /// Where the first chunk with visible text ends; `nil` for a plain answer.
    private(set) var firstVisibleOffset: Int?

    /// Adds what a part says; `offset` is where a chunk of a stream ends, `nil` for a plain answer.
    ///
    /// A part carries tokens if its text, reasoning, refusal or tool call is not empty: a role, an empty delta or a usage
    /// alone is no token. Where several parts have a usage, the last one counts, as some services send it as they go.
    mutating func add(_ part: ChatCompletionPart, endingAt offset: Int? = nil) {
        if let usage = part.usage { self.usage = usage }
        guard let choice = part.choice else { return }
        if let reason = choice.finishReason, !reason.isEmpty { finishReason = reason }
        guard let message = choice.delta ?? choice.message else { return }

        let content = message.content ?? ""
        let refusal = message.refusal ?? ""
        let carriesReasoning = !(message.reasoning ?? "").isEmpty
        let carriesToolCall = message.toolCall?.isEmpty == false
        text += content
        self.refusal += refusal
        hasReasoning = hasReasoning || carriesReasoning
        hasToolCall = hasToolCall || carriesToolCall

        guard let offset, !content.isEmpty || !refusal.isEmpty || carriesReasoning || carriesToolCall else { return }
        tokenOffsets.append(offset)
        if firstVisibleOffset == nil, !content.isEmpty { firstVisibleOffset = offset }
    }

    /// Why a complete answer is not a right one; `nil` if it is.
    ///
    /// A right answer has a finish reason, and visible text or a tool call: a model that spent its tokens on reasoning
    /// has not answered, and one that refused, or was stopped by a filter, has answered something else.
    func flaw(expecting expected: String?) -> IterationFailure? {
        guard let finishReason else { return IterationFailure(.protocol, "the answer has no finish reason") }
        if ["error", "abort"].contains(finishReason) {
            return IterationFailure(.protocol, "the service gave up: the finish reason is \(finishReason)")
        }
        if finishReason == "content_filter" {
            return IterationFailure(.validation, "a filter stopped the answer: the finish reason is content_filter")
        }
        guard refusal.isEmpty else { return IterationFailure(.validation, "the model refused: \(Excerpt(refusal))") }
        guard !text.isEmpty || hasToolCall else {
            let found = hasReasoning ? "nothing but reasoning" : "no content"
            return IterationFailure(
                .validation,
                "the answer has \(found); the finish reason is \(Excerpt(finishReason))"
            )
        }
        if let expected, !Array(text.utf8).contains(expected) {
            let found = "the answer is \(Excerpt(text)), without \(Excerpt(expected))"
            return IterationFailure(.validation, found)
        }
        return nil
    }
}
