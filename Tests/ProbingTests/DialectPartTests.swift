import BenchmarkModel
import ExporterConfiguration
import Foundation
import Testing

@testable import Probing

@Suite("A dialect of language models")
struct DialectPartTests {
    @Test(
        "has events that carry no token",
        arguments: [
            (LanguageModelDialect.messages, #"{"type":"ping"}"#),
            (.messages, #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#),
            (.messages, #"{"type":"content_block_start","content_block":{"type":"tool_result","content":[{}]}}"#),
            (.messages, #"{"type":"content_block_delta","delta":{"type":"signature_delta","signature":"x"}}"#),
            (.messages, #"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":""}}"#),
            (.messages, #"{"type":"content_block_delta","delta":{"type":"citations_delta","citation":{}}}"#),
            (.messages, #"{"type":"content_block_stop","index":0}"#),
            (.messages, #"{"type":"message_start","message":{}}"#),
            (.messages, #"{"type":"something_new","delta":5}"#),
            (.messages, "{}"),
            (.messages, "[DONE]"),
            (.responses, #"{"type":"keepalive"}"#),
            (.responses, #"{"type":"response.created","response":{"status":"in_progress","error":null}}"#),
            (.responses, #"{"type":"response.output_item.added","item":{"type":"message","content":[]}}"#),
            (.responses, #"{"type":"response.output_item.added","item":{"type":"reasoning"}}"#),
            (.responses, #"{"type":"response.output_item.done","item":{"type":"function_call","name":"f"}}"#),
            (.responses, #"{"type":"response.output_text.delta","delta":""}"#),
            (.responses, #"{"type":"response.output_text.done","text":"again"}"#),
            (.responses, #"{"type":"response.reasoning_text.done","text":"again"}"#),
            (.responses, #"{"type":"response.audio.delta","delta":5}"#),
            (.responses, "[DONE]"),
            (.completions, #"{"choices":[{"text":"","index":0,"finish_reason":null}]}"#),
            (.completions, #"{"choices":[{"text":null}]}"#),
            (.completions, #"{"choices":[]}"#),
        ]
    )
    func noTokens(_ dialect: LanguageModelDialect, _ data: String) {
        var decoder = AnswerStreamDecoder(dialect)
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .needsMore)
        #expect(decoder.answer == ModelAnswer())
    }

    @Test(
        "has events that carry tokens, visible ones and others",
        arguments: [
            (
                LanguageModelDialect.messages,
                #"{"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}"#, true
            ),
            (.messages, #"{"type":"content_block_start","content_block":{"type":"text","text":"x"}}"#, true),
            (.messages, #"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"x"}}"#, false),
            (
                .messages, #"{"type":"content_block_start","content_block":{"type":"redacted_thinking","data":"x"}}"#,
                false
            ),
            (.messages, #"{"type":"content_block_start","content_block":{"type":"tool_use","name":"f"}}"#, false),
            (.messages, #"{"type":"content_block_delta","delta":{"partial_json":"{"}}"#, false),
            (.responses, #"{"type":"response.output_text.delta","delta":"x"}"#, true),
            (.responses, #"{"type":"response.refusal.delta","delta":"x"}"#, false),
            (.responses, #"{"type":"response.reasoning_text.delta","delta":"x"}"#, false),
            (.responses, #"{"type":"response.reasoning_summary_text.delta","delta":"x"}"#, false),
            (.responses, #"{"type":"response.output_item.added","item":{"type":"function_call","name":"f"}}"#, false),
            (.responses, #"{"type":"response.function_call_arguments.delta","delta":"{"}"#, false),
            (.responses, #"{"type":"response.custom_tool_call_input.delta","delta":"x"}"#, false),
            (.completions, #"{"choices":[{"text":"x"}]}"#, true),
        ]
    )
    func tokens(_ dialect: LanguageModelDialect, _ data: String, _ isVisible: Bool) {
        var decoder = AnswerStreamDecoder(dialect)
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .needsMore)
        #expect(decoder.answer.tokenOffsets == [9])
        #expect(decoder.answer.firstVisibleOffset == (isVisible ? 9 : nil))
    }

    @Test(
        "has errors, and things that it does not know, which are failures of the protocol",
        arguments: [
            (
                LanguageModelDialect.messages,
                #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                "an error: 'Overloaded'"
            ),
            (.messages, #"{"error":{"message":"Overloaded"}}"#, "an error: 'Overloaded'"),
            (.messages, #"{"type":"message_start"}"#, #"a chunk that does not decode: '{"type":"message_start"}'"#),
            (
                .messages,
                #"{"type":"content_block_delta","delta":{"text":5}}"#,
                #"a chunk that does not decode: '{"type":"content_block_delta","delta":{"text":5}}'"#
            ),
            (.responses, #"{"type":"error","code":"x","message":"Slow down"}"#, "an error: 'Slow down'"),
            (.responses, #"{"type":"error","error":{"message":"Slow down"}}"#, "an error: 'Slow down'"),
            (
                .responses,
                #"{"type":"response.failed","response":{"status":"failed","error":{"message":"Broken"}}}"#,
                "an error: 'Broken'"
            ),
            (
                .responses,
                #"{"type":"response.completed"}"#,
                #"a chunk that does not decode: '{"type":"response.completed"}'"#
            ),
            (
                .responses,
                #"{"type":"response.output_text.delta","delta":{}}"#,
                #"a chunk that does not decode: '{"type":"response.output_text.delta","delta":{}}'"#
            ),
            (.completions, #"{"error":"Overloaded"}"#, "an error: 'Overloaded'"),
            (.completions, "5", "a chunk that does not decode: '5'"),
        ]
    )
    func errors(_ dialect: LanguageModelDialect, _ data: String, _ description: String) {
        var decoder = AnswerStreamDecoder(dialect)
        let failure = IterationFailure(.protocol, "the stream has \(description)")
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .failed(failure))
    }

    @Test(
        "ends its stream in its own way",
        arguments: [
            (LanguageModelDialect.messages, #"{"type":"message_stop"}"#, nil),
            (.responses, #"{"type":"response.completed","response":{"status":"completed"}}"#, "completed"),
            (.responses, #"{"type":"response.completed","response":{}}"#, nil),
            (.responses, #"{"type":"response.incomplete","response":{"status":"incomplete"}}"#, "incomplete"),
            (.responses, #"{"type":"response.failed","response":{"status":"failed"}}"#, "failed"),
            (.completions, "[DONE]", nil),
        ] as [(LanguageModelDialect, String, String?)]
    )
    func ends(_ dialect: LanguageModelDialect, _ data: String, _ finishReason: String?) {
        var decoder = AnswerStreamDecoder(dialect)
        #expect(decoder.receive(ServerSentEvent(type: "message", data: data, offset: 9)) == .done)
        #expect(decoder.answer.finishReason == finishReason)
        #expect(decoder.answer.tokenOffsets.isEmpty)
    }

    @Test(
        "has plain answers that are judged like streamed ones",
        arguments: [
            (
                .messages, #"{"type":"message","content":[{"type":"text","text":"OK"}],"stop_reason":"end_turn"}"#, nil
            ),
            (
                .messages,
                #"{"type":"message","content":[{"type":"tool_use","name":"f","input":{}}],"stop_reason":"tool_use"}"#,
                nil
            ),
            (
                .messages, #"{"type":"message","content":[{"type":"text","text":"OK"}],"stop_reason":null}"#,
                IterationFailure(.protocol, "the answer has no finish reason")
            ),
            (
                .messages, #"{"type":"message","content":[],"stop_reason":"end_turn"}"#,
                IterationFailure(.validation, "the answer has no content; the finish reason is 'end_turn'")
            ),
            (
                .messages,
                #"{"type":"message","content":[{"type":"thinking","thinking":"x"}],"stop_reason":"max_tokens"}"#,
                IterationFailure(
                    .validation,
                    "the answer has nothing but reasoning; the finish reason is 'max_tokens'"
                )
            ),
            (
                .messages, #"{"type":"error","error":{"type":"api_error","message":"Broken"}}"#,
                IterationFailure(.protocol, "the answer is an error: 'Broken'")
            ),
            (
                .responses,
                #"{"status":"completed","output":[{"type":"reasoning","summary":[]},"#
                    + #"{"type":"message","content":[{"type":"output_text","text":"OK"}]}],"error":null}"#,
                nil
            ),
            (.responses, #"{"status":"completed","output":[{"type":"function_call","name":"f"}]}"#, nil),
            (
                .responses, #"{"status":"completed","output":[{"type":"reasoning","summary":[]}]}"#,
                IterationFailure(
                    .validation,
                    "the answer has nothing but reasoning; the finish reason is 'completed'"
                )
            ),
            (
                .responses,
                #"{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]}"#,
                IterationFailure(.validation, "the model refused: 'No.'")
            ),
            (
                .responses, #"{"status":"in_progress","output":[]}"#,
                IterationFailure(.protocol, "the answer has no finish reason")
            ),
            (
                .responses, #"{"status":"cancelled","output":[]}"#,
                IterationFailure(.protocol, "the service gave up: the finish reason is cancelled")
            ),
            (
                .responses, #"{"status":"failed","error":{"code":"server_error","message":"Broken"}}"#,
                IterationFailure(.protocol, "the answer is an error: 'Broken'")
            ),
            (.completions, #"{"choices":[{"text":"OK","finish_reason":"stop"}]}"#, nil),
            (
                .completions, #"{"choices":[{"text":"OK","finish_reason":null}]}"#,
                IterationFailure(.protocol, "the answer has no finish reason")
            ),
            (
                .completions, #"{"choices":[{"text":"","finish_reason":"stop"}]}"#,
                IterationFailure(.validation, "the answer has no content; the finish reason is 'stop'")
            ),
        ] as [(LanguageModelDialect, String, IterationFailure?)]
    )
    func plain(_ dialect: LanguageModelDialect, _ body: String, _ failure: IterationFailure?) {
        #expect(ModelReading(dialect, plain: Array(body.utf8)).failure(expecting: nil) == failure)
    }

    @Test(
        "has embeddings, of which there must be one of the right size",
        arguments: [
            (#"{"data":[{"embedding":[1,2]}]}"#, 2, nil),
            (#"{"data":[{"embedding":[1,2]}]}"#, nil, nil),
            (
                #"{"data":[{"embedding":[1,2]}]}"#, 3,
                IterationFailure(.validation, "the embedding has 2 dimensions where 3 were expected")
            ),
            (#"{"data":[{"embedding":[]}]}"#, nil, IterationFailure(.validation, "the answer has no embedding")),
            (#"{"data":[]}"#, nil, IterationFailure(.validation, "the answer has no embedding")),
            ("{}", nil, IterationFailure(.validation, "the answer has no embedding")),
            (
                #"{"error":{"message":"no such model"}}"#, nil,
                IterationFailure(.protocol, "the answer is an error: 'no such model'")
            ),
            (
                #"{"data":[{"embedding":["1"]}]}"#, nil,
                IterationFailure(.protocol, #"the answer does not decode: '{"data":[{"embedding":["1"]}]}'"#)
            ),
        ] as [(String, Int?, IterationFailure?)]
    )
    func embeddings(_ body: String, _ dimensions: Int?, _ failure: IterationFailure?) {
        let reading = ModelReading(.embeddings, plain: Array(body.utf8))
        #expect(reading.failure(expecting: .embedding(dimensions: dimensions)) == failure)
    }
}
