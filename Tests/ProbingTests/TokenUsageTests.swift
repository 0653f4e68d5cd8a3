import BenchmarkModel
import Foundation
import NIOCore
import Testing

@testable import Probing

@Suite("The usage of an answer")
struct TokenUsageTests {
    @Test(
        "is taken number by number, and a number that is none is not taken",
        arguments: [
            (#"{"prompt_tokens":3,"completion_tokens":4}"#, TokenUsage(input: 3, output: 4)),
            (#"{"prompt_tokens":0,"completion_tokens":0}"#, TokenUsage(input: 0, output: 0)),
            (#"{"prompt_tokens":3.0,"completion_tokens":4e0}"#, TokenUsage(input: 3, output: 4)),
            (#"{"prompt_tokens":3.5,"completion_tokens":-1}"#, TokenUsage()),
            (#"{"prompt_tokens":1000000000,"completion_tokens":1000000001}"#, TokenUsage(input: 1_000_000_000)),
            (#"{"prompt_tokens":9223372036854775808,"completion_tokens":1e400}"#, TokenUsage()),
            (#"{"prompt_tokens":-9223372036854775808,"completion_tokens":4}"#, TokenUsage(output: 4)),
            (#"{"prompt_tokens":"3","completion_tokens":null}"#, TokenUsage()),
            (#"{"prompt_tokens":true,"completion_tokens":[4]}"#, TokenUsage()),
            (#"{"prompt_tokens_details":{"cached_tokens":5}}"#, TokenUsage(cached: 5)),
            (#"{"completion_tokens_details":{"reasoning_tokens":6}}"#, TokenUsage(reasoning: 6)),
            (#"{"prompt_tokens_details":null,"completion_tokens_details":7}"#, TokenUsage()),
            (#"{"prompt_tokens_details":{"cached_tokens":-5}}"#, TokenUsage()),
            (
                #"{"input_tokens":75,"input_tokens_details":{"cached_tokens":64},"output_tokens":30,"#
                    + #""output_tokens_details":{"reasoning_tokens":24}}"#,
                TokenUsage(input: 75, output: 30, cached: 64, reasoning: 24)
            ),
            (
                #"{"input_tokens":25,"cache_creation_input_tokens":75,"cache_read_input_tokens":1000,"output_tokens":6}"#,
                TokenUsage(input: 1100, output: 6, cached: 1000)
            ),
            (
                #"{"input_tokens":25,"cache_creation_input_tokens":null,"cache_read_input_tokens":-1}"#,
                TokenUsage(input: 25)
            ),
            (#"{"cache_read_input_tokens":1000}"#, TokenUsage(cached: 1000)),
            (
                #"{"input_tokens":1000000000,"cache_read_input_tokens":1000000000}"#,
                TokenUsage(cached: 1_000_000_000)
            ),
            (#"{"prompt_tokens":9,"input_tokens":5,"cache_read_input_tokens":4}"#, TokenUsage(input: 9, cached: 4)),
            ("5", TokenUsage()),
            ("[]", TokenUsage()),
            ("{}", TokenUsage()),
        ]
    )
    func decoding(_ json: String, _ usage: TokenUsage) throws {
        #expect(try JSONDecoder().decode(TokenUsage.self, from: Data(json.utf8)) == usage)
    }

    @Test(
        "never makes a valid answer fail, and output that it does not count is estimated",
        arguments: [
            ("-1", TokenCount(kind: .output, source: .estimated, count: 2)),
            ("1e99", TokenCount(kind: .output, source: .estimated, count: 2)),
            ("0", TokenCount(kind: .output, source: .estimated, count: 2)),
            ("1", TokenCount(kind: .output, source: .usage, count: 1)),
            ("1000000000", TokenCount(kind: .output, source: .usage, count: 1_000_000_000)),
        ]
    )
    func hostile(_ number: String, _ count: TokenCount) {
        var body = TimedBody()
        body.append(
            Array(#"data: {"choices":[{"delta":{"content":"a"}}]}"#.utf8) + Array("\n\n".utf8),
            at: SyntheticStream.start + .milliseconds(10)
        )
        let end = """
            data: {"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"completion_tokens":\(number)}}

            data: [DONE]


            """
        body.append(end.utf8, at: SyntheticStream.start + .milliseconds(12))
        let reading = ModelReading(stream: body.bytes)
        #expect(reading.failure(expecting: nil) == nil)
        let measurement = LanguageModelMeasurement(
            of: reading.answer,
            in: body,
            timing: SyntheticStream.timing
        )
        #expect(measurement.tokens == [count])
        #expect(measurement.interTokenTimes.count == 1)
        #expect(measurement.timePerOutputToken == (count.count == 1 ? nil : .milliseconds(2) / (count.count - 1)))
    }
}
