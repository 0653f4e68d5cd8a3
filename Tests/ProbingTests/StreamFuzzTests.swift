import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import Probing

@Suite("A streamed answer that is damaged or hostile")
struct StreamFuzzTests {
    /// What damage puts into a stream.
    static let pieces = [
        "\n", "\n\n", "\r", "data: ", "data: [DONE]\n\n", "{", "}", "[", "]", "\"", "null", "-1", "1e999", "\u{0}", "é",
        "\\ud800",
        "\"usage\":{\"completion_tokens\":-1}", "\"choices\":[]", "\"error\":{}", ": ping\n\n",
        "\"type\":\"message_stop\"", "\"usage\":{\"input_tokens\":1000000000,\"cache_read_input_tokens\":1000000000}",
        "\"delta\":5", "\"response\":null",
    ].map { Array($0.utf8) }

    @Test("is read to an ending, with figures that make sense", arguments: 0..<8 as Range<UInt64>)
    func mutations(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let fixtures: [(String, LanguageModelDialect)] = [
            ("openai.sse", .chatCompletion), ("deepseek-reasoning.sse", .chatCompletion),
            ("tool-calls.sse", .chatCompletion), ("multi-line-data.sse", .chatCompletion), ("messages.sse", .messages),
            ("messages-thinking-and-tool.sse", .messages), ("responses.sse", .responses),
            ("responses-reasoning-and-tool.sse", .responses), ("completions.sse", .completions),
        ]
        for (fixture, dialect) in fixtures {
            let original = try SyntheticStream(fixture: fixture, lineEnd: "\n").body.bytes
            for _ in 0..<25 {
                var bytes = original
                for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes, using: &generator) }
                expectSense(
                    of: bytes,
                    in: dialect,
                    "\(fixture), seed \(seed): \(String(decoding: bytes, as: UTF8.self))"
                )
            }
        }
    }

    @Test(
        "is what its file says",
        arguments: [
            ("deep-nesting.sse", FailureReason.protocol),
            ("half-a-surrogate.sse", .protocol),
            ("hostile-usage.sse", nil),
            ("many-choices.sse", nil),
            ("not-utf-8.sse", nil),
            ("nul-bytes.sse", .truncated),
            ("only-comments.sse", .truncated),
            ("usage-is-no-object.sse", nil),
        ]
    )
    func corpus(_ file: String, _ reason: FailureReason?) throws {
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: GoldenFile.fixture("fuzz/streams/\(file)"))))
        #expect(ModelReading(stream: bytes).failure(expecting: nil)?.reason == reason)
        for dialect in LanguageModelDialect.allCases { expectSense(of: bytes, in: dialect, "\(file), \(dialect)") }
    }

    private func damage(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        let range = Int.random(in: 0...bytes.count, using: &generator)..<bytes.count
        let length = min(range.count, Int.random(in: 0...60, using: &generator))
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.removeSubrange(range.prefix(length))
        case 1: bytes.removeLast(range.count)
        case 2: bytes.insert(contentsOf: bytes[range.prefix(length)], at: range.lowerBound)
        case _: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: range.lowerBound)
        }
    }

    private func expectSense(of bytes: [UInt8], in dialect: LanguageModelDialect, _ comment: Comment) {
        let reading = ModelReading(dialect, stream: bytes)
        let answer = reading.answer
        #expect(answer.tokenOffsets.allSatisfy(bytes.indices.contains), comment)
        #expect(zip(answer.tokenOffsets, answer.tokenOffsets.dropFirst()).allSatisfy { $0 < $1 }, comment)
        if reading.failure(expecting: nil) == nil {
            #expect(!answer.text.isEmpty || answer.hasToolCall, comment)
            #expect(answer.finishReason != nil, comment)
        }

        var body = TimedBody()
        for (index, byte) in bytes.enumerated() {
            body.append(CollectionOfOne(byte), at: SyntheticStream.start + .microseconds(Int64(index)))
        }
        let measurement = LanguageModelMeasurement(of: answer, in: body, timing: SyntheticStream.timing)
        #expect(measurement.interTokenTimes.count == max(0, answer.tokenOffsets.count - 1), comment)
        #expect(measurement.interTokenTimes.allSatisfy { $0.tokens >= 1 && $0.time >= .zero }, comment)
        #expect(measurement.tokens.allSatisfy { $0.count >= 0 }, comment)
    }
}
