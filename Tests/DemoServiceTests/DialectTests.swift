import Foundation
import NIOHTTP1
import Testing

@testable import DemoService

@Suite("The language model of the demo service")
struct DialectTests {
    private static let question = #""messages":[{"role":"user","content":"Say OK."}]"#

    private func object(_ json: String) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary)
    }

    @Test(
        "answers a plain request in its dialect",
        arguments: [
            (
                "/v1/chat/completions", #"{\#(question),"model":"m","max_tokens":2}"#,
                #"{"id":"chatcmpl-ID","object":"chat.completion","created":1007,"model":"m","choices":[{"index":0,"#
                    + #""message":{"role":"assistant","content":"Your order"},"finish_reason":"length"}],"#
                    + #""usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4,"#
                    + #""prompt_tokens_details":{"cached_tokens":0}}}"#
            ),
            (
                "/v1/completions", #"{"prompt":"Say OK.","model":"m","max_tokens":2}"#,
                #"{"id":"cmpl-ID","object":"text_completion","created":1007,"model":"m","choices":[{"index":0,"#
                    + #""text":"Your order","finish_reason":"length"}],"#
                    + #""usage":{"prompt_tokens":2,"completion_tokens":2,"total_tokens":4,"#
                    + #""prompt_tokens_details":{"cached_tokens":0}}}"#
            ),
            (
                "/v1/messages", #"{\#(question),"system":"Be brief.","model":"m","max_tokens":2}"#,
                #"{"type":"message","id":"msg_ID","role":"assistant","model":"m","#
                    + #""content":[{"type":"text","text":"Your order"}],"stop_reason":"max_tokens","#
                    + #""usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"#
                    + #""output_tokens":2}}"#
            ),
            (
                "/v1/responses", #"{"input":"Say OK.","instructions":"Be brief.","model":"m","max_output_tokens":2}"#,
                #"{"id":"resp_ID","object":"response","created_at":1007,"status":"incomplete","#
                    + #""incomplete_details":{"reason":"max_output_tokens"},"model":"m","#
                    + #""output":[{"id":"msg_ID","type":"message","status":"incomplete","role":"assistant","#
                    + #""content":[{"type":"output_text","text":"Your order"}]}],"#
                    + #""usage":{"input_tokens":4,"input_tokens_details":{"cached_tokens":0},"output_tokens":2,"#
                    + #""output_tokens_details":{"reasoning_tokens":0},"total_tokens":6}}"#
            ),
        ]
    )
    func plain(path: String, body: String, expected: String) throws {
        var service = ServiceUnderTest(start: 1000)
        service.now = .milliseconds(7900)
        let answer = try service.send(.POST, path, body)
        let id = try answer.string("id").split(whereSeparator: { "-_".contains($0) }).last.map(String.init)
        #expect(try object(answer.text) == object(expected.replacing("ID", with: #require(id))))
        #expect(answer.headers["Content-Type"] == ["application/json"])
        #expect((Duration.milliseconds(50)..<Duration.milliseconds(310)).contains(answer.duration))
    }

    @Test(
        "ends a whole answer with the reason of the dialect",
        arguments: [
            ("/v1/chat/completions", "{\(question)}", #""finish_reason":"stop""#),
            ("/v1/completions", #"{"prompt":["a","b"]}"#, #""finish_reason":"stop""#),
            ("/v1/messages", "{\(question)}", #""stop_reason":"end_turn""#),
            ("/v1/responses", #"{"input":[{"role":"user","content":"?"}]}"#, #""status":"completed","usage""#),
        ]
    )
    func whole(path: String, body: String, reason: String) throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.POST, path, body)
        #expect(answer.text.contains(reason))
        #expect(answer.text.contains(#"link by mail.""#))
        #expect(answer.text.contains(#""model":"demo-model""#))
    }

    @Test(
        "streams the events of the dialect, and each token after its delay",
        arguments: [
            (
                "/v1/messages", "{\(question),\"stream\":true,\"max_tokens\":2}",
                [
                    "message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta",
                    "content_block_stop", "message_delta", "message_stop",
                ]
            ),
            (
                "/v1/responses", #"{"input":"?","stream":true,"max_output_tokens":2}"#,
                [
                    "response.created", "response.output_item.added", "response.content_part.added",
                    "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
                    "response.content_part.done", "response.output_item.done", "response.incomplete",
                ]
            ),
        ]
    )
    func namedEvents(path: String, body: String, names: [String]) throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.POST, path, body)
        #expect(answer.headers["Content-Type"] == ["text/event-stream"])
        #expect(try answer.events().map { $0["type"] as? String } == names)
        let lines = answer.text.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("event: ") } == names.map { "event: \($0)" })
        #expect(answer.parts.filter { $0.delay > .zero }.count == 2)
        #expect(answer.parts[3].delay > .milliseconds(40) && answer.parts[4].delay < .milliseconds(20))
    }

    @Test("streams messages with the input's usage at the start, and the output's at the end")
    func messagesStream() throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.POST, "/v1/messages", "{\(Self.question),\"stream\":true,\"max_tokens\":2}")
        let text = answer.text
        #expect(text.contains(#""content_block":{"text":"","type":"text"},"index":0,"type":"content_block_start""#))
        #expect(text.contains(#""delta":{"text":" order","type":"text_delta"},"index":0"#))
        #expect(text.contains(#""input_tokens":2,"output_tokens":1}},"type":"message_start""#))
        #expect(
            text.contains(#"{"delta":{"stop_reason":"max_tokens"},"type":"message_delta","usage":{"output_tokens":2}}"#)
        )
    }

    @Test("streams responses with numbered events and the whole response at the end")
    func responsesStream() throws {
        var service = ServiceUnderTest()
        let events = try service.send(.POST, "/v1/responses", #"{"input":"?","stream":true}"#).events()
        #expect(events.map { $0["sequence_number"] as? Int } == Array(0..<events.count))
        let deltas = events.compactMap { $0["delta"] as? String }
        let last = try #require(events.last)
        #expect(last["type"] as? String == "response.completed")
        let response = try #require(last["response"] as? [String: Any])
        let item = try #require((response["output"] as? [[String: Any]])?.first)
        let part = try #require((item["content"] as? [[String: Any]])?.first)
        #expect(part["text"] as? String == deltas.joined())
        #expect(response["usage"] is [String: Any])
        let created = try #require(events.first?["response"] as? [String: Any])
        #expect(created["status"] as? String == "in_progress" && created["usage"] == nil)
    }

    @Test("streams completions with usage where it was asked for", arguments: [true, false])
    func completionsStream(usage: Bool) throws {
        var service = ServiceUnderTest()
        let options = #""stream":true,"stream_options":{"include_usage":\#(usage)}"#
        let answer = try service.send(.POST, "/v1/completions", #"{"prompt":"Say OK.","max_tokens":2,\#(options)}"#)
        let events = answer.text.split(separator: "\n\n")
        #expect(events.count == (usage ? 5 : 4))
        #expect(events[0].contains(#""choices":[{"index":0,"text":"Your"}]"#))
        #expect(events[2].contains(#""choices":[{"finish_reason":"length","index":0,"text":""}]"#))
        #expect(events[3].contains(#""usage":{"completion_tokens":2,"prompt_tokens":2,"#) == usage)
        #expect(events.last == "data: [DONE]")
    }

    @Test("a name of a model of any length makes no long answer")
    func longModelName() throws {
        var service = ServiceUnderTest()
        let name = String(repeating: "m", count: 100_000)
        let answer = try service.send(.POST, "/v1/chat/completions", #"{\#(Self.question),"model":"\#(name)"}"#)
        #expect(answer.text.utf8.count < 1000)
    }

    @Test("an embedding has 384 numbers and length 1, the same for the same text and no other")
    func embeddings() throws {
        var service = ServiceUnderTest(seed: 1)
        var other = ServiceUnderTest(seed: 2)
        func vectors(_ answer: DemoAnswer) throws -> [[Double]] {
            let data = try #require(try answer.json()["data"] as? [[String: Any]])
            #expect(data.map { $0["index"] as? Int } == Array(0..<data.count))
            return try data.map { try #require($0["embedding"] as? [Double]) }
        }
        let answer = try service.send(.POST, "/v1/embeddings", #"{"input":["a b","c"],"model":"m"}"#)
        let two = try vectors(answer)
        #expect(two.map(\.count) == [384, 384])
        for vector in two { #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4) }
        #expect(two[0] != two[1])
        #expect(try vectors(other.send(.POST, "/v1/embeddings", #"{"input":"c"}"#)) == [two[1]])
        #expect(answer.text.contains(#""model":"m","object":"list","usage":{"prompt_tokens":3,"total_tokens":3}"#))
    }

    @Test(
        "no text, and too many, have no embedding",
        arguments: [
            ("{}", "'input' is missing"), (#"{"input":[]}"#, "'input' does not have between 1 and 16 texts"),
            (
                #"{"input":[\#(Array(repeating: "\"\"", count: 17).joined(separator: ","))]}"#,
                "'input' does not have between 1 and 16 texts"
            ),
            (#"{"input":5}"#, "'input' is not a JSON value of type Array<Any>"),
        ]
    )
    func noEmbedding(body: String, reason: String) throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.POST, "/v1/embeddings", body)
        #expect(answer.status == .badRequest)
        #expect(answer.text.contains("POST /v1/embeddings: \(reason)"))
    }

    @Test("the models are listed")
    func models() throws {
        var service = ServiceUnderTest()
        let data = try #require(try service.send(.GET, "/v1/models").json()["data"] as? [[String: Any]])
        #expect(data.map { $0["id"] as? String } == ["demo-model", "demo-embedding"])
    }

    @Test("a plain chat completion that was asked for before is the same, at once, with its prompt cached")
    func cache() throws {
        var service = ServiceUnderTest(start: 1000)
        let body = "{\(Self.question)}"
        let miss = try service.send(.POST, "/v1/chat/completions", body)
        service.now = .seconds(60)
        let hit = try service.send(.POST, "/v1/chat/completions", body)
        #expect(miss.headers["X-Cache"] == ["miss"] && hit.headers["X-Cache"] == ["hit"])
        #expect(hit.text == miss.text.replacing(#""cached_tokens":0"#, with: #""cached_tokens":2"#))
        #expect(hit.duration < .milliseconds(15) && miss.duration > .milliseconds(50))
        #expect(try service.send(.POST, "/v1/chat/completions", body).text == hit.text)

        let other = try service.send(.POST, "/v1/chat/completions", "{\(Self.question) }")
        #expect(other.headers["X-Cache"] == ["miss"])
        #expect(try other.string("id") != miss.string("id"))
    }

    @Test("a stream never comes from the cache, and says nothing of it")
    func streamedPastCache() throws {
        var service = ServiceUnderTest()
        for _ in 0..<2 {
            let answer = try service.send(.POST, "/v1/chat/completions", "{\(Self.question),\"stream\":true}")
            #expect(answer.headers["X-Cache"].isEmpty)
            #expect(answer.duration > .milliseconds(50))
        }
    }
}
