import NIOHTTP1
import Testing

@testable import DemoService

@Suite("The sessions of the demo service")
struct SessionTests {
    private let context = #"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}"#

    @Test("a stored context is read as it was stored, and the made-up one again once it was deleted")
    func stored() throws {
        var service = ServiceUnderTest()
        let madeUp = try service.send(.GET, "/v1/sessions/a/context").text
        let answer = try service.send(.PUT, "/v1/sessions/a/context", context)
        #expect(answer.status == .noContent && answer.text.isEmpty)
        let expected = """
            {"count":2,"id":"a","messages":[{"content":"Hi","role":"user"},{"content":"Hello","role":"assistant"}]}
            """
        #expect(try service.send(.GET, "/v1/sessions/a/context").text == expected)
        #expect(try service.send(.GET, "/v1/sessions/b/context").count() == 20)
        #expect(try service.held() == ["conversations": 0, "memories": 0, "sessions": 1])
        #expect(try service.send(.DELETE, "/v1/sessions/a/context").status == .noContent)
        #expect(try service.send(.GET, "/v1/sessions/a/context").text == madeUp)
        #expect(try service.held()["sessions"] == 0)
    }

    @Test(
        "what is no context is refused",
        arguments: [
            ("{}", "'messages' is missing"),
            (#"{"messages":[{"role":"user"}]}"#, "'messages.Index 0.content' is missing"),
        ]
    )
    func refused(body: String, reason: String) throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.PUT, "/v1/sessions/a/context", body)
        #expect(answer.status == .badRequest)
        #expect(answer.text.contains("PUT /v1/sessions/a/context: \(reason)"))
        #expect(try service.held()["sessions"] == 0)
    }

    @Test("many sessions, and few large ones, drop the oldest")
    func bounded() throws {
        var service = ServiceUnderTest()
        for id in 0...256 { _ = try service.send(.PUT, "/v1/sessions/\(id)/context", context) }
        #expect(try service.held()["sessions"] == 256)
        #expect(try service.send(.GET, "/v1/sessions/0/context").count() == 20)
        let large = #"{"messages":[{"role":"user","content":"\#(String(repeating: "x", count: 1_000_000))"}]}"#
        for id in 0..<20 { _ = try service.send(.PUT, "/v1/sessions/large-\(id)/context", large) }
        #expect(try service.held()["sessions"] == 8)
    }
}
