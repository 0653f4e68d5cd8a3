import BenchmarkModel
import ExporterConfiguration
import NIOCore

/// What a language model has answered, as far as it was read.
struct ModelAnswer: Hashable, Sendable {
    /// The visible text.
    private(set) var text = ""
    /// What the model says instead of an answer.
    private(set) var refusal = ""
    private(set) var hasReasoning = false
    private(set) var hasToolCall = false
    /// How many numbers the embedding has; `nil` where there is none.
    private(set) var dimensions: Int?
    /// Why the model stopped, in the service's word; `nil` as long as it has not said so.
    private(set) var finishReason: String?
    private(set) var usage = TokenUsage()
    /// Where in the body the chunks end that carry tokens, ascending; empty for a plain answer.
    private(set) var tokenOffsets: [Int] = []
    /// Where the first chunk with visible text ends; `nil` for a plain answer.
    private(set) var firstVisibleOffset: Int?

    /// Adds what a part says; `offset` is where a chunk of a stream ends, `nil` for a plain answer.
    ///
    /// A part carries tokens if its text, reasoning, refusal or tool call is not empty: a role, an empty delta or a usage
    /// alone is no token.
    mutating func add(_ part: AnswerPart, endingAt offset: Int? = nil) {
        if let usage = part.usage { self.usage.update(with: usage) }
        if let reason = part.finishReason, !reason.isEmpty { finishReason = reason }
        text += part.content
        refusal += part.refusal
        hasReasoning = hasReasoning || part.hasReasoning
        hasToolCall = hasToolCall || part.hasToolCall
        dimensions = part.dimensions ?? dimensions

        guard let offset, part.carriesTokens else { return }
        tokenOffsets.append(offset)
        if firstVisibleOffset == nil, !part.content.isEmpty { firstVisibleOffset = offset }
    }

    /// Why a complete answer is not a right one, or not known to be one by the deadline; `nil` if it is.
    func flaw(expecting expectation: LanguageModelExpectation, deadline: NIODeadline) -> IterationFailure? {
        switch expectation {
        case .text(let expected): flaw(ofTextWith: expected, deadline: deadline)
        case .embedding(let expected): flaw(ofEmbeddingWith: expected)
        }
    }

    /// Why an answer does not come from the service's cache as far as it should, by the service's own count; `nil` if it does.
    func flaw(expectingCachedTokens expected: Int) -> IterationFailure? {
        guard let cached = usage.cached else {
            let found = "the service does not say how many tokens its cache had, where \(expected) were expected"
            return IterationFailure(.validation, found)
        }
        guard cached < expected else { return nil }
        return IterationFailure(.validation, "the cache had \(cached) tokens where \(expected) were expected")
    }

    /// A right answer has a finish reason, and visible text or a tool call: a model that spent its tokens on reasoning
    /// has not answered, and one that refused, or was stopped by a filter, has answered something else.
    private func flaw(ofTextWith expected: String?, deadline: NIODeadline) -> IterationFailure? {
        guard let finishReason else { return IterationFailure(.protocol, "the answer has no finish reason") }
        if ["error", "abort", "failed", "cancelled"].contains(finishReason) {
            return IterationFailure(.protocol, "the service gave up: the finish reason is \(finishReason)")
        }
        if ["content_filter", "refusal"].contains(finishReason) {
            return IterationFailure(.validation, "a filter stopped the answer: the finish reason is \(finishReason)")
        }
        guard refusal.isEmpty else { return IterationFailure(.validation, "the model refused: \(Excerpt(refusal))") }
        guard !text.isEmpty || hasToolCall else {
            let found = hasReasoning ? "nothing but reasoning" : "no content"
            return IterationFailure(
                .validation,
                "the answer has \(found); the finish reason is \(Excerpt(finishReason))"
            )
        }
        guard let expected else { return nil }
        switch Array(text.utf8).contains(expected, before: deadline) {
        case true: return nil
        case false:
            let found = "the answer is \(Excerpt(text)), without \(Excerpt(expected))"
            return IterationFailure(.validation, found)
        case nil: return IterationFailure(.timeout, "timed out while looking for \(Excerpt(expected)) in the answer")
        }
    }

    private func flaw(ofEmbeddingWith expected: Int?) -> IterationFailure? {
        guard let dimensions, dimensions > 0 else {
            return IterationFailure(.validation, "the answer has no embedding")
        }
        if let expected, dimensions != expected {
            let found = "the embedding has \(dimensions) dimensions where \(expected) were expected"
            return IterationFailure(.validation, found)
        }
        return nil
    }
}
