import BenchmarkModel
import ExporterConfiguration
import Foundation
import NIOCore

/// What the body of an answer says, and how it ends.
struct ModelReading: Hashable, Sendable {
    enum Ending: Hashable, Sendable {
        /// The service said that the answer is complete; whether it is a right one is another question.
        case complete
        /// The body is a stream that ends without the end of its dialect.
        case cutOff
        /// The time was up before the end was read.
        case outOfTime
        case failed(IterationFailure)
    }

    /// How many bytes of a stream are read between two looks at the clock: at most a few milliseconds' work.
    private static let bytesBetweenLooks = 4096

    private let dialect: LanguageModelDialect
    private(set) var answer = ModelAnswer()
    private(set) var ending = Ending.cutOff

    /// Nothing: the end is not there, nor anything else.
    init(_ dialect: LanguageModelDialect) {
        self.dialect = dialect
    }

    /// An answer that is wrong before its body is read.
    init(_ dialect: LanguageModelDialect, failed reason: FailureReason, _ detail: String) {
        self.init(dialect)
        ending = .failed(IterationFailure(reason, detail))
    }

    /// Reads a streamed answer, or the part of it that has arrived.
    ///
    /// Where `isOutOfTime` says so, it stops, but not before it has looked at the beginning.
    init(_ dialect: LanguageModelDialect, stream body: [UInt8], isOutOfTime: () -> Bool) {
        self.init(dialect)
        var events = EventStreamDecoder()
        var chunks = AnswerStreamDecoder(dialect)
        defer { answer = chunks.answer }
        for start in stride(from: 0, to: body.count, by: Self.bytesBetweenLooks) {
            for byte in body[start...].prefix(Self.bytesBetweenLooks) {
                let action: AnswerStreamDecoder.Action
                switch events.receive(byte) {
                case .needsMore: continue
                case .event(let event): action = chunks.receive(event)
                case .tooLarge: action = .failed(Self.tooLarge("the stream has an event"))
                }
                switch action {
                case .needsMore:
                    continue
                case .done:
                    ending = .complete
                    return
                case .failed(let failure):
                    ending = .failed(failure)
                    return
                }
            }
            guard !isOutOfTime() else {
                ending = .outOfTime
                return
            }
        }
    }

    /// Reads a plain answer.
    init(_ dialect: LanguageModelDialect, plain body: [UInt8]) {
        self.init(dialect)
        guard body.count <= EventStreamDecoder.sizeLimit else {
            ending = .failed(Self.tooLarge("the answer is a text"))
            return
        }
        let part: AnswerPart
        do {
            part = try JSONDecoder().decode(dialect.decoder, from: Data(body)).part
        } catch {
            ending = .failed(IterationFailure(.protocol, "the answer does not decode: \(Excerpt(body))"))
            return
        }
        if let excerpt = part.errorExcerpt {
            ending = .failed(IterationFailure(.protocol, "the answer is an error: \(excerpt)"))
            return
        }
        answer.add(part)
        ending = .complete
    }

    /// Why the answer is no success, or not known to be one by the deadline; `nil` if it is one.
    func failure(
        expecting expected: LanguageModelExpectation,
        deadline: NIODeadline = .distantFuture
    ) -> IterationFailure? {
        switch ending {
        case .complete: answer.flaw(expecting: expected, deadline: deadline)
        case .cutOff:
            IterationFailure(
                .truncated,
                "the stream ended without \(dialect.streamEnd); chunks with tokens: \(answer.tokenOffsets.count)"
            )
        case .outOfTime: IterationFailure(.tooLarge, "the stream was too large to be read within the time")
        case .failed(let failure): failure
        }
    }

    private static func tooLarge(_ subject: String) -> IterationFailure {
        IterationFailure(.tooLarge, "\(subject) of more than \(EventStreamDecoder.sizeLimit) bytes")
    }
}
