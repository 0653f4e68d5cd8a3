import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import Probing

/// Streams as real services send them, each byte by byte: the k-th event or comment of a stream is complete 10·k ms after the
/// request, and every other byte of it arrives 1 ms before that.
@Suite("A streamed answer")
struct StreamFixtureTests {
    @Test("is read as its service means it, and timed to the chunk", arguments: StreamFixture.all)
    func fixture(_ example: StreamFixture) throws {
        let body = try SyntheticStream(fixture: example.testDescription, lineEnd: example.lineEnd).body
        let reading = ModelReading(example.dialect, stream: body.bytes)
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

    @Test("that arrives with one read has no time between its tokens", arguments: StreamFixture.all)
    func oneRead(_ example: StreamFixture) throws {
        let stream = try SyntheticStream(fixture: example.testDescription, lineEnd: example.lineEnd)
        var body = TimedBody()
        body.append(stream.body.bytes, at: SyntheticStream.start + .milliseconds(7))
        let measurement = LanguageModelMeasurement(
            of: ModelReading(example.dialect, stream: body.bytes).answer,
            in: body,
            timing: SyntheticStream.timing
        )
        #expect(measurement.timeToFirstToken == .milliseconds(7))
        #expect(measurement.timeToFirstVisibleToken == example.visible.map { _ in .milliseconds(7) })
        #expect(measurement.interTokenTimes.map(\.time) == example.chunks.dropFirst().map { _ in .zero })
        #expect(measurement.timePerOutputToken == example.timePerOutputToken.map { _ in .zero })
        #expect(measurement.tokens == example.tokens)
    }

    @Test(
        "that stops anywhere before its end is truncated",
        arguments: [
            ("openai.sse", .chatCompletion), ("llama-cpp-server.sse", .chatCompletion), ("messages.sse", .messages),
            ("responses.sse", .responses), ("completions.sse", .completions),
        ] as [(String, LanguageModelDialect)]
    )
    func prefixes(_ fixture: String, _ dialect: LanguageModelDialect) throws {
        let bytes = try SyntheticStream(fixture: fixture, lineEnd: "\n").body.bytes
        var chunks = 0
        for length in 0..<bytes.count {
            let reading = ModelReading(dialect, stream: Array(bytes.prefix(length)))
            #expect(reading.ending == .cutOff, "\(length) bytes")
            #expect(reading.answer.tokenOffsets.count >= chunks)
            chunks = reading.answer.tokenOffsets.count
        }
        #expect(ModelReading(dialect, stream: bytes).ending == .complete)
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

extension ModelReading {
    /// Reads a stream without looking at a clock.
    init(_ dialect: LanguageModelDialect = .chatCompletion, stream body: [UInt8]) {
        self.init(dialect, stream: body, isOutOfTime: { false })
    }

    /// Why the answer is no success, where it is a text, which must contain `text`.
    func failure(expecting text: String?) -> IterationFailure? {
        failure(expecting: .text(containing: text))
    }
}
