import BenchmarkModel
import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import Probing

/// Streams as real services send them, each byte by byte: the k-th event or comment of a stream is complete 10·k ms after the
/// request, and every other byte of it arrives 1 ms before that.
@Suite("A streamed chat completion")
struct ChatStreamFixtureTests {
    struct Case: CustomTestStringConvertible, Sendable {
        /// The name of the file in `Tests/Fixtures/streams`.
        var testDescription: String
        /// What ends a line in it.
        var lineEnd = "\n"
        var text = ""
        /// Milliseconds from the request to the chunks with tokens.
        var chunks: [Int]
        /// Milliseconds to the first visible token.
        var visible: Int?
        /// The tokens that a chunk stands for.
        var tokensInChunk = 1
        /// From the first token to the last, divided by the tokens but one.
        var timePerOutputToken: Duration?
        var tokens: [TokenCount]
        var failure: IterationFailure?
    }

    static let cases = [
        Case(
            testDescription: "openai.sse",
            text: "Hello, world!",
            chunks: [20, 30, 40],
            visible: 20,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 4,
            tokens: usage(input: 19, output: 5, reasoning: 0, cached: 0)
        ),
        Case(
            testDescription: "carriage-return-line-feed.sse",
            lineEnd: "\r\n",
            text: "Hello, world!",
            chunks: [20, 30, 40],
            visible: 20,
            tokensInChunk: 2,
            timePerOutputToken: .milliseconds(20) / 4,
            tokens: usage(input: 19, output: 5, reasoning: 0, cached: 0)
        ),
        Case(
            testDescription: "hidden-reasoning.sse",
            text: "Four.",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: usage(input: 1200, output: 66, reasoning: 64, cached: 1024)
        ),
        Case(
            testDescription: "llama-cpp-python.sse",
            text: "OK.",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2)
        ),
        Case(
            testDescription: "llama-cpp-server.sse",
            text: "Grüß dich 👋",
            chunks: [20, 30],
            visible: 20,
            tokensInChunk: 4,
            timePerOutputToken: .milliseconds(10) / 7,
            tokens: usage(input: 31, output: 8)
        ),
        Case(
            testDescription: "byte-order-mark-and-carriage-return.sse",
            lineEnd: "\r",
            text: "Grüß dich 👋",
            chunks: [20, 30],
            visible: 20,
            tokensInChunk: 4,
            timePerOutputToken: .milliseconds(10) / 7,
            tokens: usage(input: 31, output: 8)
        ),
        Case(
            testDescription: "vllm-usage-on-last-chunk.sse",
            text: "One two three four five six.",
            chunks: [20, 30, 40],
            visible: 20,
            tokensInChunk: 3,
            timePerOutputToken: .milliseconds(20) / 8,
            tokens: usage(input: 30, output: 9)
        ),
        Case(
            testDescription: "deepseek-reasoning.sse",
            text: "4",
            chunks: [20, 30, 40],
            visible: 40,
            timePerOutputToken: .milliseconds(20) / 3,
            tokens: usage(input: 12, output: 4, reasoning: 2, cached: 0)
        ),
        Case(
            testDescription: "openrouter-comments.sse",
            text: "Yes",
            chunks: [50, 70],
            visible: 70,
            timePerOutputToken: .milliseconds(20),
            tokens: usage(input: 7, output: 2)
        ),
        Case(
            testDescription: "tool-calls.sse",
            chunks: [20, 30, 50],
            timePerOutputToken: .milliseconds(15),
            tokens: estimated(3)
        ),
        Case(
            testDescription: "multi-line-data.sse",
            text: "Two lines.",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2)
        ),
        Case(
            testDescription: "refusal.sse",
            chunks: [20, 30],
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2),
            failure: IterationFailure(.validation, "the model refused: 'I can't help with that.'")
        ),
        Case(
            testDescription: "reasoning-only.sse",
            chunks: [10, 20],
            timePerOutputToken: .milliseconds(10),
            tokens: usage(input: 9, output: 2),
            failure: IterationFailure(
                .validation,
                "the answer has nothing but reasoning; the finish reason is 'length'"
            )
        ),
        Case(
            testDescription: "error-in-mid-stream.sse",
            text: "Half an",
            chunks: [20, 30],
            visible: 20,
            timePerOutputToken: .milliseconds(10),
            tokens: estimated(2),
            failure: IterationFailure(.protocol, "the stream has an error: 'CUDA out of memory'")
        ),
        Case(
            testDescription: "no-end.sse",
            text: "Done",
            chunks: [20],
            visible: 20,
            tokens: estimated(1),
            failure: IterationFailure(.truncated, "the stream ended without [DONE]; chunks with tokens: 1")
        ),
        Case(
            testDescription: "no-finish-reason.sse",
            text: "Done",
            chunks: [20],
            visible: 20,
            tokens: estimated(1),
            failure: IterationFailure(.protocol, "the answer has no finish reason")
        ),
    ]

    static func usage(input: Int, output: Int, reasoning: Int? = nil, cached: Int? = nil) -> [TokenCount] {
        [(TokenKind.input, input), (.output, output), (.reasoning, reasoning), (.cached, cached)].compactMap {
            kind,
            count in count.map { TokenCount(kind: kind, source: .usage, count: $0) }
        }
    }

    static func estimated(_ output: Int) -> [TokenCount] {
        [TokenCount(kind: .output, source: .estimated, count: output)]
    }

    @Test("is read as its service means it, and timed to the chunk", arguments: cases)
    func fixture(_ example: Case) throws {
        let body = try SyntheticStream(fixture: example.testDescription, lineEnd: example.lineEnd).body
        let reading = ChatReading(stream: body.bytes)
        #expect(reading.answer.text == example.text)
        #expect(reading.failure(expecting: nil) == example.failure)

        let gaps = zip(example.chunks, example.chunks.dropFirst()).map { earlier, later in
            InterTokenTime(
                time: .milliseconds(later - earlier) / example.tokensInChunk,
                tokens: example.tokensInChunk
            )
        }
        let measurement = LanguageModelMeasurement(
            of: reading.answer,
            in: body,
            timing: SyntheticStream.timing
        )
        #expect(
            measurement
                == LanguageModelMeasurement(
                    timeToFirstByte: .milliseconds(5),
                    timeToFirstToken: example.chunks.first.map { .milliseconds($0) },
                    timeToFirstVisibleToken: example.visible.map { .milliseconds($0) },
                    interTokenTimes: gaps,
                    timePerOutputToken: example.timePerOutputToken,
                    tokens: example.tokens
                )
        )
    }

    @Test("that arrives with one read has no time between its tokens", arguments: cases)
    func oneRead(_ example: Case) throws {
        let stream = try SyntheticStream(fixture: example.testDescription, lineEnd: example.lineEnd)
        var body = TimedBody()
        body.append(stream.body.bytes, at: SyntheticStream.start + .milliseconds(7))
        let measurement = LanguageModelMeasurement(
            of: ChatReading(stream: body.bytes).answer,
            in: body,
            timing: SyntheticStream.timing
        )
        #expect(measurement.timeToFirstToken == .milliseconds(7))
        #expect(measurement.timeToFirstVisibleToken == example.visible.map { _ in .milliseconds(7) })
        #expect(measurement.interTokenTimes.map(\.time) == example.chunks.dropFirst().map { _ in .zero })
        #expect(measurement.timePerOutputToken == example.timePerOutputToken.map { _ in .zero })
        #expect(measurement.tokens == example.tokens)
    }

    @Test("that stops anywhere before its end is truncated", arguments: ["openai.sse", "llama-cpp-server.sse"])
    func prefixes(_ fixture: String) throws {
        let bytes = try SyntheticStream(fixture: fixture, lineEnd: "\n").body.bytes
        var chunks = 0
        for length in 0..<bytes.count {
            let reading = ChatReading(stream: Array(bytes.prefix(length)))
            #expect(reading.ending == .cutOff, "\(length) bytes")
            #expect(reading.answer.tokenOffsets.count >= chunks)
            chunks = reading.answer.tokenOffsets.count
        }
        #expect(ChatReading(stream: bytes).ending == .complete)
    }
}

/// The body of a fixture with made-up instants.
struct SyntheticStream {
    static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    static let timing = HTTPTiming(
        startedAt: start,
        requestStartedAt: start,
        requestWrittenAt: start + .milliseconds(1),
        firstByteAt: start + .milliseconds(5),
        completedAt: start + .seconds(1)
    )

    private(set) var body = TimedBody()

    init(fixture: String, lineEnd: String) throws {
        let url = URL(fileURLWithPath: GoldenFile.fixture("streams/\(fixture)"))
        // An event is complete with the first byte of the line end of its empty line.
        let ending = Array(lineEnd.utf8) + Array(lineEnd.utf8.prefix(1))
        var received: [UInt8] = []
        var block = 1
        for byte in try Data(contentsOf: url) {
            received.append(byte)
            let isComplete = received.suffix(ending.count).elementsEqual(ending)
            let instant = Self.start + .milliseconds(Int64(10 * block - (isComplete ? 0 : 1)))
            body.append(CollectionOfOne(byte), at: instant)
            if isComplete { block += 1 }
        }
    }
}

extension ChatReading {
    /// Reads a stream without looking at a clock.
    init(stream body: [UInt8]) {
        self.init(stream: body, isOutOfTime: { false })
    }
}
