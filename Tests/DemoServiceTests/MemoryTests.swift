import NIOHTTP1
import Testing

@testable import DemoService

@Suite("The memories of the demo service")
struct MemoryTests {
    private func remember(_ content: String, in service: inout ServiceUnderTest) throws -> String {
        let answer = try service.send(.POST, "/v1/memories", #"{"content":"\#(content)"}"#)
        #expect(answer.status == .created)
        #expect(try answer.string("content") == content)
        return try answer.string("id")
    }

    @Test("a memory is read at once, and found a little later")
    func lag() throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.POST, "/v1/memories", #"{"content":"likes tea"}"#)
        let memory = #"{"content":"likes tea","id":"\#(try answer.string("id"))"}"#
        #expect(answer.text == memory)
        service.now += answer.duration
        #expect(try service.send(.GET, "/v1/memories/\(try answer.string("id"))").text == memory)
        #expect(try service.send(.GET, "/v1/memories?query=tea").text == #"{"count":0,"memories":[]}"#)
        service.now += LatencyKind.visibility.median * 2.5
        #expect(try service.send(.GET, "/v1/memories?query=tea").text == #"{"count":1,"memories":[\#(memory)]}"#)
    }

    @Test(
        "a search finds what contains its text",
        arguments: [
            ("", 3), ("?query=", 3), ("?other=tea", 3), ("?query=tea", 2), ("?query=a%20cup%20of%20tea", 1),
            ("?x=1&query=Gr%C3%BCn&y", 1), ("?query=coffee", 0), ("?query=TEA", 0), ("?query=a+cup", 0),
        ]
    )
    func search(query: String, count: Int) throws {
        var service = ServiceUnderTest()
        for content in ["likes tea", "drinks a cup of tea", "Grün"] { _ = try remember(content, in: &service) }
        service.now = .seconds(1)
        #expect(try service.send(.GET, "/v1/memories\(query)").count() == count)
    }

    @Test("a search that does not decode is refused")
    func undecodable() throws {
        var service = ServiceUnderTest()
        let answer = try service.send(.GET, "/v1/memories?query=%C3%")
        #expect(answer.status == .badRequest)
        #expect(answer.text.contains("GET /v1/memories: 'query' is not percent-encoded UTF-8"))
    }

    @Test("a memory that is changed is found by its new content, and one that is deleted no more")
    func change() throws {
        var service = ServiceUnderTest()
        let path = "/v1/memories/\(try remember("likes tea", in: &service))"
        service.now = .seconds(1)
        let changed = try service.send(.PUT, path, #"{"content":"likes coffee"}"#)
        #expect(changed.status == .ok)
        #expect(try changed.string("content") == "likes coffee")
        #expect(try service.send(.GET, path).text == changed.text)
        #expect(try service.send(.GET, "/v1/memories?query=tea").count() == 0)
        #expect(try service.send(.GET, "/v1/memories?query=coffee").count() == 1)
        #expect(try service.held() == ["conversations": 0, "memories": 1, "sessions": 0])
        #expect(try service.send(.DELETE, path).status == .noContent)
        #expect(try service.held()["memories"] == 0)
        #expect(try service.send(.GET, "/v1/memories?query=coffee").count() == 0)
        let answers = try [
            service.send(.DELETE, path), service.send(.GET, path), service.send(.PUT, path, #"{"content":"x"}"#),
        ]
        for answer in answers {
            #expect(answer.status == .notFound)
            #expect(answer.text.contains("there is no such memory"))
        }
    }

    @Test("many memories, and few large ones, drop the oldest")
    func bounded() throws {
        var service = ServiceUnderTest()
        let first = try remember("first", in: &service)
        for _ in 0..<1024 { _ = try remember("next", in: &service) }
        #expect(try service.held()["memories"] == 1024)
        #expect(try service.send(.GET, "/v1/memories/\(first)").status == .notFound)
        let large = String(repeating: "x", count: 500_000)
        for _ in 0..<4 { _ = try remember(large, in: &service) }
        #expect(try service.held()["memories"] == 2)
    }
}
