import BenchmarkModel
import ExporterConfiguration
import Testing

@testable import Probing

@Suite("The chat stream decoder")
struct AnswerStreamDecoderTests {
    @Test(
        "takes events without tokens for what they are",
        arguments: [
            #"{"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":""}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":null,"reasoning":null,"tool_calls":null,"refusal":null}}]}"#,
            #"{"choices":[{"index":0,"delta":{"tool_calls":[]}}]}"#,
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":""}}]}}]}"#,
            #"{"choices":[{"index":0,"delta":{"reasoning":{"summary":"auto"}}}]}"#,
            #"{"choices":[{"index":0,"delta":null}]}"#,
            #"{"choices":[{"index":0}]}"#,
            #"{"choices":[],"prompt_filter_results":[]}"#,
            #"{"choices":null,"error":null,"usage":null}"#,
            #"{"type":"ping"}"#,
            #"{}"#,
            "",
        ]
    )
    func noTokens(_ data: String) {
        var decoder = AnswerStreamDecoder(.chatCompletion)
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .needsMore)
        #expect(decoder.answer == ModelAnswer())
    }

    @Test("a ping is not read, whatever is in it")
    func ping() {
        var decoder = AnswerStreamDecoder(.chatCompletion)
        #expect(decoder.receive(ServerSentEvent(type: "ping", data: "2026", offset: 9)) == .needsMore)
    }

    @Test(
        "takes content, reasoning, refusals and tool calls for tokens",
        arguments: [
            #"{"content":"x"}"#,
            #"{"content":"\n"}"#,
            #"{"reasoning":"x"}"#,
            #"{"reasoning_content":"x"}"#,
            #"{"refusal":"x"}"#,
            #"{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"f","arguments":""}}]}"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}"#,
        ]
    )
    func tokens(_ delta: String) {
        var decoder = AnswerStreamDecoder(.chatCompletion)
        let data = #"{"choices":[{"index":0,"delta":\#(delta)}]}"#
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .needsMore)
        #expect(decoder.answer.tokenOffsets == [9])
        #expect(decoder.answer.firstVisibleOffset == (delta.contains("\"content\"") ? 9 : nil))
    }

    @Test(
        "reports an error in the stream as a failure of the protocol",
        arguments: [
            (#"{"error":{"message":"overloaded","code":503}}"#, "an error: 'overloaded'"),
            (#"{"error":"overloaded"}"#, "an error: 'overloaded'"),
            (#"{"error":{"code":503}}"#, "an error: no message"),
            (#"{"error":503,"choices":[]}"#, "an error: no message"),
            (#"{"object":"error","message":"overloaded","code":503}"#, "an error: 'overloaded'"),
            (#"{"object":"error"}"#, "an error: no message"),
            (
                #"{"choices":[{"delta":{"content":5}}]}"#,
                #"a chunk that does not decode: '{"choices":[{"delta":{"content":5}}]}'"#
            ),
            (#"{"choices":{}}"#, #"a chunk that does not decode: '{"choices":{}}'"#),
            ("[]", "a chunk that does not decode: '[]'"),
            ("5", "a chunk that does not decode: '5'"),
            (#"{"choices":["#, #"a chunk that does not decode: '{"choices":['"#),
            ("[DONE] ", "a chunk that does not decode: '[DONE] '"),
            ("a\nb", "a chunk that does not decode: 'a b'"),
        ]
    )
    func errors(_ data: String, _ description: String) {
        var decoder = AnswerStreamDecoder(.chatCompletion)
        let failure = IterationFailure(.protocol, "the stream has \(description)")
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .failed(failure))
    }

    @Test(
        "reports an event of the type error, whatever its data",
        arguments: [
            (#"{"error":{"message":"overloaded"}}"#, "'overloaded'"),
            (#"{"error":{}}"#, "no message"),
            (#"{"detail":"overloaded"}"#, #"'{"detail":"overloaded"}'"#),
            ("overloaded", "'overloaded'"),
        ]
    )
    func errorEvents(_ data: String, _ description: String) {
        var decoder = AnswerStreamDecoder(.chatCompletion)
        let failure = IterationFailure(.protocol, "the stream has an error: \(description)")
        #expect(decoder.receive(ServerSentEvent(type: "error", data: data, offset: 9)) == .failed(failure))
    }

    @Test("says no more of a long text than fits in a sentence")
    func longError() {
        var decoder = AnswerStreamDecoder(.chatCompletion)
        let data = String(repeating: "x", count: 1000)
        let failure = IterationFailure(
            .protocol,
            "the stream has a chunk that does not decode: '\(String(repeating: "x", count: 80))…'"
        )
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .failed(failure))
    }

    @Test(
        "a finish reason that is no proper end is a failure",
        arguments: [
            (
                "content_filter",
                IterationFailure(.validation, "a filter stopped the answer: the finish reason is content_filter")
            ),
            ("error", IterationFailure(.protocol, "the service gave up: the finish reason is error")),
            ("abort", IterationFailure(.protocol, "the service gave up: the finish reason is abort")),
            ("stop", nil),
            ("length", nil),
            ("something_new", nil),
        ]
    )
    func finishReasons(_ reason: String, _ failure: IterationFailure?) {
        let reading = ModelReading(
            stream: Array(
                """
                data: {"choices":[{"delta":{"content":"Yes"},"finish_reason":"\(reason)"}]}

                data: [DONE]


                """.utf8
            )
        )
        #expect(reading.failure(expecting: nil) == failure)
    }

    @Test("an answer without the expected text is not valid")
    func expectedText() {
        let reading = ModelReading(
            stream: Array(
                """
                data: {"choices":[{"delta":{"content":"forty-"}}]}

                data: {"choices":[{"delta":{"content":"two","reasoning":"six times nine"},"finish_reason":"stop"}]}

                data: [DONE]


                """.utf8
            )
        )
        #expect(reading.failure(expecting: "forty-two") == nil)
        let failure = IterationFailure(.validation, "the answer is 'forty-two', without 'six'")
        #expect(reading.failure(expecting: "six") == failure)
    }

    @Test("what follows [DONE] does not count")
    func afterDone() {
        let stream = """
            data: {"choices":[{"delta":{"content":"Yes"},"finish_reason":"stop"}]}

            data: [DONE]

            data: {"error":"too late"}


            """
        #expect(ModelReading(stream: Array(stream.utf8)).failure(expecting: nil) == nil)
    }

    @Test("an event of more than a mebibyte is too large")
    func largeEvent() {
        let stream = Array("data: ".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let failure = IterationFailure(.tooLarge, "the stream has an event of more than 1048576 bytes")
        #expect(ModelReading(stream: stream).failure(expecting: nil) == failure)
    }

    @Test("a stream that takes longer to read than there is time is too large")
    func outOfTime() {
        let chunk = #"data: {"choices":[{"delta":{"content":"a"}}]}"# + "\n\n"
        let stream = Array(String(repeating: chunk, count: 1000).utf8)
        var looks = 0
        let reading = ModelReading(.chatCompletion, stream: stream) {
            looks += 1
            return looks == 3
        }
        #expect(reading.answer.tokenOffsets.count == 3 * 4096 / chunk.utf8.count)
        let failure = IterationFailure(.tooLarge, "the stream was too large to be read within the time")
        #expect(reading.failure(expecting: nil) == failure)
    }
}
