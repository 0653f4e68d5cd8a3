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

    /// Server-sent events, each after its delay, and the `[DONE]` that ends a stream of the OpenAI dialect.
    static func events(_ events: [(delay: Duration, value: some Encodable)]) throws -> DemoAnswer {
        var parts = try events.map { Part(delay: $0.delay, bytes: event(try encode($0.value))) }
        parts.append(Part(delay: .zero, bytes: event(Array("[DONE]".utf8))))
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
        let empty = DemoAnswer(status: status, headers: ["Content-Length": "0"], parts: [Part(delay: .zero, bytes: [])])
        return (try? json(problem, status: status, headers: headers)) ?? empty
    }

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    private static func event(_ data: [UInt8]) -> [UInt8] {
        Array("data: ".utf8) + data + Array("\n\n".utf8)
    }
}

private struct Problem: Encodable {
    struct Detail: Encodable {
        var message: String
        var type: String
    }

    var error: Detail
}
