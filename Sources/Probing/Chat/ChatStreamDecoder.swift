import BenchmarkModel
import Foundation

/// The state machine that turns the events of a streamed chat completion into an answer, or the reason why there is none.
///
/// The stream of the OpenAI dialect is chunks and then `[DONE]`. Pings are events without data, of the type `ping`, or
/// chunks without choices; none of them is an error, and none is a token.
struct ChatStreamDecoder {
    enum Action: Hashable, Sendable {
        case needsMore
        /// `[DONE]`: nothing that follows counts.
        case done
        case failed(IterationFailure)
    }

    private(set) var answer = ChatAnswer()
    private let decoder = JSONDecoder()

    /// Takes the next event; not to be called again after `done` or `failed`.
    mutating func receive(_ event: ServerSentEvent) -> Action {
        guard event.data != "[DONE]" else { return .done }
        guard !event.data.isEmpty, event.type != "ping" else { return .needsMore }

        let part: ChatCompletionPart
        do {
            part = try decoder.decode(ChatCompletionPart.self, from: Data(event.data.utf8))
        } catch {
            let subject = event.type == "error" ? "an error" : "a chunk that does not decode"
            return .failed(IterationFailure(.protocol, "the stream has \(subject): \(Excerpt(event.data))"))
        }
        if let excerpt = part.errorExcerpt ?? (event.type == "error" ? Excerpt(event.data).description : nil) {
            return .failed(IterationFailure(.protocol, "the stream has an error: \(excerpt)"))
        }
        answer.add(part, endingAt: event.offset)
        return .needsMore
    }
}
