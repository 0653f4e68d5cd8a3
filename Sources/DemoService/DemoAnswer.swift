import Foundation
import NIOHTTP1

/// One answer, as a list of what is sent when.
struct DemoAnswer: Equatable, Sendable {
    struct Part: Equatable, Sendable {
        /// Since the part before it, or since the end of the request.
        var delay: Duration
        var bytes: [UInt8]
    }

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    /// At least one; each is written and flushed by itself.
    private(set) var parts: [Part]

    /// The same answer, later.
    func delayed(by delay: Duration) -> DemoAnswer {
        var answer = self
        answer.parts[0].delay += delay
        return answer
    }

    static func json(
        _ value: some Encodable,
        status: HTTPResponseStatus = .ok,
        headers: HTTPHeaders = [:],
        after delay: Duration = .zero
    ) throws -> DemoAnswer {
        let bytes = try encode(value)
        var headers = headers
        headers.add(name: "Content-Type", value: "application/json")
        headers.add(name: "Content-Length", value: "\(bytes.count)")
        return DemoAnswer(status: status, headers: headers, parts: [Part(delay: delay, bytes: bytes)])
    }

    /// No body, only a status.
    static func empty(_ status: HTTPResponseStatus, after delay: Duration = .zero) -> DemoAnswer {
        DemoAnswer(status: status, headers: [:], parts: [Part(delay: delay, bytes: [])])
    }

    /// Server-sent events, each after its delay; at the end the `[DONE]` of dialects that have no event for that.
    static func events(_ events: [StreamEvent], endsWithMark: Bool) throws -> DemoAnswer {
        var parts = try events.map { event in
            let name = event.name.map { "event: \($0)\n" } ?? ""
            return Part(delay: event.delay, bytes: Array("\(name)data: ".utf8) + (try encode(event.value)) + [10, 10])
        }
        if endsWithMark { parts.append(Part(delay: .zero, bytes: Array("data: [DONE]\n\n".utf8))) }
        let headers: HTTPHeaders = ["Content-Type": "text/event-stream", "Cache-Control": "no-cache"]
        return DemoAnswer(status: .ok, headers: headers, parts: parts)
    }

    /// An error object as the OpenAI dialect has it, on every path.
    static func problem(
        _ status: HTTPResponseStatus,
        _ message: String,
        headers: HTTPHeaders = [:]
    ) -> DemoAnswer {
        let type = status.code < 500 ? "invalid_request_error" : "server_error"
        let problem = Problem(error: .init(message: message, type: type))
        return (try? json(problem, status: status, headers: headers)) ?? empty(status)
    }

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

/// One event of a stream.
struct StreamEvent {
    /// Since the event before it.
    var delay = Duration.zero
    /// For dialects that name their events.
    var name: String?
    var value: any Encodable
}

private struct Problem: Encodable {
    struct Detail: Encodable {
        var message: String
        var type: String
    }

    var error: Detail
}
