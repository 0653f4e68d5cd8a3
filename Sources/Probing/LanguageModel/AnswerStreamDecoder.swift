import BenchmarkModel
import ExporterConfiguration
import Foundation

/// The state machine that turns the events of a streamed answer into that answer, or the reason why there is none.
///
/// Pings are events without data, of the type `ping`, or parts that say nothing; none of them is an error, and none is a
/// token.
struct AnswerStreamDecoder {
    enum Action: Hashable, Sendable {
        case needsMore
        /// The end of the stream: nothing that follows counts.
        case done
        case failed(IterationFailure)
    }

    private(set) var answer = ModelAnswer()
    private let dialect: LanguageModelDialect
    private let decoder = JSONDecoder()

    init(_ dialect: LanguageModelDialect) {
        self.dialect = dialect
    }

    /// Takes the next event; not to be called again after `done` or `failed`.
    mutating func receive(_ event: ServerSentEvent) -> Action {
        guard event.data != LanguageModelDialect.doneMark else {
            return dialect.streamEnd == event.data ? .done : .needsMore
        }
        guard !event.data.isEmpty, event.type != "ping" else { return .needsMore }

        let part: AnswerPart
        do {
            part = try decoder.decode(dialect.decoder, from: Data(event.data.utf8)).part
        } catch {
            let subject = event.type == "error" ? "an error" : "a chunk that does not decode"
            return .failed(IterationFailure(.protocol, "the stream has \(subject): \(Excerpt(event.data))"))
        }
        if let excerpt = part.errorExcerpt ?? (event.type == "error" ? Excerpt(event.data).description : nil) {
            return .failed(IterationFailure(.protocol, "the stream has an error: \(excerpt)"))
        }
        answer.add(part, endingAt: event.offset)
        return part.endsStream ? .done : .needsMore
    }
}
