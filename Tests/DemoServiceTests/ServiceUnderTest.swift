import Foundation
import NIOHTTP1
import Testing

@testable import DemoService

/// A service without sockets, and a clock that stands still unless it is told otherwise.
struct ServiceUnderTest {
    private var service: Orchestrator
    /// Since the service began.
    var now = Duration.zero

    init(seed: UInt64 = 3, start: Int = 0) {
        service = Orchestrator(seed: seed, start: start)
    }

    mutating func send(_ method: HTTPMethod, _ target: String, _ body: String = "") throws -> DemoAnswer {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let request = DemoRequest(
            method: method,
            path: parts[0],
            query: parts.count > 1 ? parts[1] : "",
            body: Array(body.utf8),
            arrival: now
        )
        let answer = service.answer(to: request)
        return try #require(answer)
    }

    mutating func behave(_ behaviour: String) throws {
        #expect(try send(.PUT, "/demo/behaviour", behaviour).status == .ok)
    }

    /// How many conversations, memories and sessions it holds.
    mutating func held() throws -> [String: Int] {
        try #require(try send(.GET, "/demo/counts").json()["held"] as? [String: Int])
    }
}

extension DemoAnswer {
    var text: String { String(decoding: parts.flatMap(\.bytes), as: UTF8.self) }

    /// From the request to the last part.
    var duration: Duration { parts.reduce(.zero) { $0 + $1.delay } }

    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    func string(_ key: String) throws -> String {
        try #require(try json()[key] as? String)
    }

    func count() throws -> Int {
        try #require(try json()["count"] as? Int)
    }

    /// The data of each event.
    func events() throws -> [[String: Any]] {
        try text.split(separator: "\n\n").compactMap { event in
            let data = try #require(event.split(separator: "\n").last).dropFirst("data: ".count)
            guard data != "[DONE]" else { return nil }
            return try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
        }
    }
}
