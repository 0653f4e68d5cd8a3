import NIOHTTP1
import Testing

@testable import DemoService

@Suite("The conversations of the demo service")
struct ConversationTests {
    private func begin(_ service: inout ServiceUnderTest) throws -> String {
        let answer = try service.send(.POST, "/v1/conversations")
        #expect(answer.status == .created)
        return "/v1/conversations/\(try answer.string("id"))"
    }

    @Test("a message is not visible when its writer is answered, but soon after")
    func lag() throws {
        var service = ServiceUnderTest()
        let conversation = try begin(&service)
        service.now = .seconds(1)
        let answer = try service.send(.POST, "\(conversation)/messages", #"{"role":"user","content":"Hi"}"#)
        #expect(answer.status == .created)
        service.now += answer.duration
        #expect(try service.send(.GET, "\(conversation)/messages").text == #"{"count":0,"messages":[]}"#)
        service.now += LatencyKind.visibility.median * 2.5
        let expected = #"{"count":1,"messages":[{"content":"Hi","id":"\#(try answer.string("id"))","role":"user"}]}"#
        #expect(try service.send(.GET, "\(conversation)/messages").text == expected)
    }

    @Test("half of the messages are visible after the median of the lag")
    func median() throws {
        var service = ServiceUnderTest()
        let lags = try (0..<201).map { _ in
            let conversation = try begin(&service)
            let body = #"{"role":"user","content":"Hi"}"#
            let answer = try service.send(.POST, "\(conversation)/messages", body)
            let written = service.now + answer.duration
            service.now = written
            while try service.send(.GET, "\(conversation)/messages").count() == 0 { service.now += .milliseconds(1) }
            return (service.now - written) / .milliseconds(1)
        }.sorted()
        #expect((14...17).contains(lags[100]))
        #expect(lags[0] >= 6 && lags[200] <= 38)
    }

    @Test("a conversation that has ended, and one that never was, are unknown")
    func unknown() throws {
        var service = ServiceUnderTest()
        let conversation = try begin(&service)
        #expect(try service.held() == ["conversations": 1, "memories": 0, "sessions": 0])
        #expect(try service.send(.DELETE, conversation).status == .noContent)
        #expect(try service.held()["conversations"] == 0)
        let answers = try [
            service.send(.DELETE, conversation),
            service.send(.GET, "\(conversation)/messages"),
            service.send(.POST, "/v1/conversations/never/messages", #"{"role":"user","content":"Hi"}"#),
        ]
        for answer in answers {
            #expect(answer.status == .notFound)
            #expect(answer.text.contains("there is no such conversation"))
        }
    }

    @Test("a message without its content is refused")
    func refused() throws {
        var service = ServiceUnderTest()
        let conversation = try begin(&service)
        let answer = try service.send(.POST, "\(conversation)/messages", #"{"role":"user"}"#)
        #expect(answer.status == .badRequest)
        #expect(answer.text.contains("POST \(conversation)/messages: 'content' is missing"))
    }

    @Test("a conversation of more than a mebibyte drops its oldest messages")
    func large() {
        var conversation = Conversation()
        let content = String(repeating: "x", count: 1 << 18)
        for id in 0..<6 {
            let message = StoredMessage(role: "user", content: content)
            conversation.append(.init(id: "\(id)", message: message, visibleFrom: .zero))
        }
        #expect(conversation.visible(at: .zero).map(\.id) == ["3", "4", "5"])
        #expect(conversation.weight <= Conversation.weightLimit)
    }

    @Test("many conversations drop the oldest")
    func bounded() throws {
        var service = ServiceUnderTest()
        let conversations = try (0...256).map { _ in try begin(&service) }
        #expect(Set(conversations).count == 257)
        #expect(try service.held()["conversations"] == 256)
        #expect(try service.send(.GET, "\(conversations[0])/messages").status == .notFound)
        #expect(try service.send(.GET, "\(conversations[1])/messages").status == .ok)
    }
}
