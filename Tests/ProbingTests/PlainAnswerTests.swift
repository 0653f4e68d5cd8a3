import BenchmarkModel
import ExporterConfiguration
import NIOCore
import Testing

@testable import Probing

@Suite("A plain chat completion")
struct PlainAnswerTests {
    @Test("has its text, its finish reason and its usage, and no times but the first byte")
    func plain() {
        var body = TimedBody()
        body.append(
            """
            {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",
            "content":"OK.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
            "usage":{"prompt_tokens":19,"completion_tokens":3,"total_tokens":22,
            "prompt_tokens_details":{"cached_tokens":16}}}
            """.utf8,
            at: SyntheticStream.start + .milliseconds(8)
        )
        let reading = ModelReading(.chatCompletion, plain: body.bytes)
        #expect(reading.failure(expecting: "OK") == nil)
        #expect(reading.answer.text == "OK.")
        #expect(
            LanguageModelMeasurement(of: reading.answer, in: body, timing: SyntheticStream.timing)
                == LanguageModelMeasurement(
                    timeToFirstByte: .milliseconds(5),
                    tokens: [
                        TokenCount(kind: .input, source: .usage, count: 19),
                        TokenCount(kind: .output, source: .usage, count: 3),
                        TokenCount(kind: .cached, source: .usage, count: 16),
                    ]
                )
        )
    }

    @Test(
        "is judged like a streamed one",
        arguments: [
            (#"{"choices":[{"message":{"content":"OK"},"finish_reason":"stop"}]}"#, nil),
            (
                #"{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},"#
                    + #""finish_reason":"tool_calls"}]}"#,
                nil
            ),
            (
                #"{"choices":[{"message":{"content":"OK"},"finish_reason":null}]}"#,
                IterationFailure(.protocol, "the answer has no finish reason")
            ),
            (#"{"choices":[]}"#, IterationFailure(.protocol, "the answer has no finish reason")),
            (
                #"{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}"#,
                IterationFailure(.validation, "the answer has no content; the finish reason is 'stop'")
            ),
            (
                #"{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"#,
                IterationFailure(.validation, "the model refused: 'No.'")
            ),
            (
                #"{"error":{"message":"no such model","code":404}}"#,
                IterationFailure(.protocol, "the answer is an error: 'no such model'")
            ),
            ("<html>", IterationFailure(.protocol, "the answer does not decode: '<html>'")),
            ("", IterationFailure(.protocol, "the answer does not decode: ''")),
        ] as [(String, IterationFailure?)]
    )
    func judgement(_ body: String, _ failure: IterationFailure?) {
        #expect(ModelReading(.chatCompletion, plain: Array(body.utf8)).failure(expecting: nil) == failure)
    }

    @Test("of more than a mebibyte is too large")
    func large() {
        let body = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20 + 1)
        let failure = IterationFailure(.tooLarge, "the answer is a text of more than 1048576 bytes")
        #expect(ModelReading(.chatCompletion, plain: body).failure(expecting: nil) == failure)
    }
}
