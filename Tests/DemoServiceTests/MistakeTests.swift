import NIOHTTP1
import Testing

@testable import DemoService

@Suite("A demo service that is wrong")
struct MistakeTests {
    /// Everything is wrong from here on.
    private func goWrong(_ service: inout ServiceUnderTest) throws {
        service.now += .seconds(1)
        try service.behave(#"{"wrong_ratio": 1}"#)
    }

    @Test("is wrong as often as it was told, and fails as often as before")
    func ratio() throws {
        var service = ServiceUnderTest()
        try service.behave(#"{"wrong_ratio": 0.25, "fail_ratio": 0.2}"#)
        let answers = try (0..<2000).map { _ in try service.send(.GET, "/health") }
        #expect((350...450).contains(answers.count { $0.status == .internalServerError }))
        #expect((350...450).contains(answers.count { $0.text == #"{"status":"down"}"# }))
    }

    @Test("is right on other paths than those that were named")
    func paths() throws {
        var service = ServiceUnderTest()
        try service.behave(#"{"wrong_ratio": 1, "paths": ["/v1/route"]}"#)
        #expect(try service.send(.GET, "/health").text == #"{"status":"ok"}"#)
        #expect(try service.send(.POST, "/v1/route", #"{"intent":"refund"}"#).text == #"{"agent":"orders"}"#)
    }

    @Test(
        "answers at once, in the right form, and wrongly",
        arguments: [
            (HTTPMethod.GET, "/ready", "", #"{"status":"down"}"#),
            (.GET, "/v1/models", "", #"{"data":[],"object":"list"}"#),
            (.POST, "/v1/route", #"{"intent":"parcel"}"#, #"{"agent":"billing"}"#),
            (.POST, "/v1/answers", #"{"question":"?"}"#, #"{"answer":"Something else.","question":"?"}"#),
            (.POST, "/v1/chat/completions", #"{"messages":[]}"#, #""message":{"content":"","role":"assistant"}"#),
            (.POST, "/v1/chat/completions", #"{"messages":[],"stream":true}"#, #""delta":{},"finish_reason":"stop""#),
            (.POST, "/v1/completions", #"{"prompt":"?"}"#, #""text":"""#),
            (.POST, "/v1/messages", #"{"messages":[]}"#, #""content":[{"text":"","type":"text"}]"#),
            (.POST, "/v1/responses", #"{"input":"?"}"#, #""content":[{"text":"","type":"output_text"}]"#),
            (.GET, "/v1/sessions/a/context", "", #""count":19"#),
            (.GET, "/v1/memories?query=tea", "", #""content":"tea""#),
            (.GET, "/v1/memories/gone", "", #"{"content":"Something else.","id":"gone"}"#),
        ]
    )
    func wrong(method: HTTPMethod, path: String, body: String, expected: String) throws {
        var service = ServiceUnderTest()
        try goWrong(&service)
        let answer = try service.send(method, path, body)
        #expect(answer.status == .ok)
        #expect(answer.text.contains(expected))
        #expect(answer.duration < .milliseconds(50))
    }

    @Test("claims a hit of its cache with another completion than is there")
    func cache() throws {
        var service = ServiceUnderTest()
        let body = #"{"messages":[]}"#
        let right = try service.send(.POST, "/v1/chat/completions", body)
        try goWrong(&service)
        let wrong = try service.send(.POST, "/v1/chat/completions", body)
        #expect(wrong.headers["X-Cache"] == ["hit"])
        #expect(try wrong.string("id") != right.string("id"))
    }

    @Test("has embeddings of half the length")
    func embeddings() throws {
        var service = ServiceUnderTest()
        try goWrong(&service)
        let data = try service.send(.POST, "/v1/embeddings", #"{"input":"?"}"#).json()["data"] as? [[String: Any]]
        #expect((data?.first?["embedding"] as? [Double])?.count == 192)
    }

    @Test("misses the last message, or the conversation if there is none")
    func messages() throws {
        var service = ServiceUnderTest()
        let id = try service.send(.POST, "/v1/conversations").string("id")
        let path = "/v1/conversations/\(id)/messages"
        for _ in 0..<2 { _ = try service.send(.POST, path, #"{"role":"user","content":"Hi"}"#) }
        try goWrong(&service)
        #expect(try service.send(.GET, path).count() == 1)
        #expect(try service.send(.GET, "/v1/conversations/never/messages").status == .notFound)
    }

    @Test("loses what is written, as if it had been")
    func writing() throws {
        var service = ServiceUnderTest()
        let id = try service.send(.POST, "/v1/conversations").string("id")
        let memory = "/v1/memories/\(try service.send(.POST, "/v1/memories", #"{"content":"tea"}"#).string("id"))"
        try goWrong(&service)
        #expect(try service.send(.POST, "/v1/conversations").status == .created)
        let message = #"{"role":"user","content":"Hi"}"#
        #expect(try service.send(.POST, "/v1/conversations/\(id)/messages", message).status == .created)
        #expect(try service.send(.POST, "/v1/memories", #"{"content":"x"}"#).string("content") == "x")
        #expect(try service.send(.PUT, memory, #"{"content":"x"}"#).string("content") == "Something else.")
        #expect(try service.send(.PUT, "/v1/sessions/a/context", #"{"messages":[]}"#).status == .noContent)
        #expect(try service.send(.GET, "/v1/memories?query=tea").count() == 0)
        #expect(try service.held() == ["conversations": 1, "memories": 1, "sessions": 0])
        try service.behave("{}")
        service.now += .seconds(1)
        #expect(try service.send(.GET, "/v1/conversations/\(id)/messages").count() == 0)
        #expect(try service.send(.GET, memory).string("content") == "tea")
    }

    @Test("deletes what is to be deleted, but does not know it")
    func deleting() throws {
        var service = ServiceUnderTest()
        let conversation = "/v1/conversations/\(try service.send(.POST, "/v1/conversations").string("id"))"
        let memory = "/v1/memories/\(try service.send(.POST, "/v1/memories", #"{"content":"tea"}"#).string("id"))"
        _ = try service.send(.PUT, "/v1/sessions/a/context", #"{"messages":[]}"#)
        try goWrong(&service)
        for path in [conversation, memory, "/v1/sessions/a/context"] {
            #expect(try service.send(.DELETE, path).status == .notFound)
        }
        #expect(try service.held() == ["conversations": 0, "memories": 0, "sessions": 0])
    }

    @Test("still says what a malformed request lacks, and obeys whoever runs it")
    func control() throws {
        var service = ServiceUnderTest()
        try goWrong(&service)
        #expect(try service.send(.POST, "/v1/route", "{}").status == .badRequest)
        #expect(try service.send(.GET, "/demo/behaviour").text.contains(#""wrong_ratio":1"#))
        #expect(try service.send(.GET, "/demo/counts").status == .ok)
    }
}
