import NIOHTTP1
import Testing

@testable import DemoService

@Suite
struct OrchestratorTests {
    private func text(_ answer: DemoAnswer?) -> String {
        String(decoding: answer?.parts.flatMap(\.bytes) ?? [], as: UTF8.self)
    }

    private func put(_ behaviour: String) -> DemoRequest {
        DemoRequest(method: .PUT, path: "/demo/behaviour", body: Array(behaviour.utf8))
    }

    private let health = DemoRequest(method: .GET, path: "/health")

    @Test("the same seed answers the same requests alike, delays included")
    func sameSeed() {
        var one = Orchestrator(seed: 3)
        var two = Orchestrator(seed: 3)
        let session = DemoRequest(method: .GET, path: "/v1/sessions/a/context")
        for request in [health, session, health] {
            let (first, second) = (one.answer(to: request), two.answer(to: request))
            #expect(first?.parts == second?.parts)
        }
        var three = Orchestrator(seed: 4)
        let (first, other) = (one.answer(to: session), three.answer(to: session))
        #expect(text(first) != text(other))
    }

    @Test("a slow service answers the same, later")
    func slow() {
        var well = Orchestrator(seed: 3)
        var slow = Orchestrator(seed: 3)
        _ = slow.answer(to: put(#"{"slow_by": "400ms"}"#))
        let (expected, found) = (well.answer(to: health), slow.answer(to: health))
        #expect(found?.parts == expected?.delayed(by: .milliseconds(400)).parts)
    }

    @Test("the share of failures is the one asked for")
    func failing() {
        var service = Orchestrator(seed: 3)
        _ = service.answer(to: put(#"{"fail_ratio": 0.25}"#))
        let failures = (0..<2000).count { _ in service.answer(to: health)?.status == .internalServerError }
        #expect((450...550).contains(failures))
    }

    @Test("a hanging service never answers, but still listens to whoever runs it")
    func hanging() {
        var service = Orchestrator(seed: 3)
        _ = service.answer(to: put(#"{"hang": true}"#))
        let silence = service.answer(to: health)
        let control = service.answer(to: DemoRequest(method: .DELETE, path: "/demo/behaviour"))
        let answer = service.answer(to: health)
        #expect(silence == nil)
        #expect(control?.status == .ok)
        #expect(answer?.status == .ok)
    }

    @Test(
        "only the paths that were named misbehave, with all that is below them",
        arguments: [
            ("/health", true), ("/healthy", false), ("/v1/route", false), ("/v1/sessions/a/context", true),
        ]
    )
    func paths(path: String, applies: Bool) {
        #expect(Behaviour(paths: ["/health", "/v1/sessions"]).applies(to: path) == applies)
    }

    @Test(
        "a behaviour that makes no sense is refused with a sentence",
        arguments: [
            ("", "the body is not JSON"),
            ("[]", "the body is not a JSON value of type Dictionary<String, Any>"),
            (#"{"slow_by": "soon"}"#, "'slow_by' is not a duration such as 400ms or 2s"),
            (#"{"slow_by": "2h"}"#, "'slow_by' is not a duration such as 400ms or 2s"),
            (#"{"slow_by": "-1s"}"#, "'slow_by' is not between 0 and one hour"),
            (#"{"slow_by": 400}"#, "'slow_by' is not a JSON value of type String"),
            (#"{"slow_by_ms": 1e300}"#, "'slow_by_ms' is not between 0 and one hour"),
            (#"{"slow_by_ms": 1}, "#, "the body is not JSON"),
            (#"{"wrong_ratio": -1}"#, "'wrong_ratio' is not between 0 and 1"),
            (#"{"stall": "2s"}"#, "'stall' is not a JSON value of type Dictionary<String, Any>"),
            (#"{"stall": {"for": "2s"}}"#, "'stall.every' is missing"),
            (#"{"stall": {"for": "soon", "every": "10s"}}"#, "'stall.for' is not a duration such as 400ms or 2s"),
            (#"{"stall": {"for": "2s", "every": "90m"}}"#, "'stall.every' is not between 0 and one hour"),
            (#"{"stall": {"for": "2s", "every": "2s"}}"#, "'stall.for' is not less than 'every'"),
            (#"{"stall": {"at": "2s"}}"#, "'stall.at' is not one of every, for"),
            (#"{"fail_ratio": 50}"#, "'fail_ratio' is not between 0 and 1"),
            (
                #"{"fail_rate": 0.5}"#,
                "'fail_rate' is not one of fail_ratio, hang, paths, slow_by, slow_by_ms, stall, wrong_ratio"
            ),
        ]
    )
    func refused(body: String, reason: String) {
        var service = Orchestrator(seed: 3)
        let answer = service.answer(to: put(body))
        #expect(answer?.status == .badRequest)
        let message = #"{"error":{"message":"PUT /demo/behaviour: \#(reason)","type":"invalid_request_error"}}"#
        #expect(text(answer) == message)
        #expect(service.behaviour == .well)
    }

    @Test(
        "durations are read in three units",
        arguments: [("400ms", 400.0), ("1.5s", 1500), ("2m", 120_000)]
    )
    func durations(text: String, milliseconds: Double) {
        var service = Orchestrator(seed: 3)
        _ = service.answer(to: put(#"{"slow_by": "\#(text)"}"#))
        #expect(service.behaviour == Behaviour(slowByMilliseconds: milliseconds))
    }

    @Test(
        "an intent is routed by its words",
        arguments: [
            ("Please refund me", Agent.billing), ("Where is my ORDER", .orders), ("the login is broken", .support),
            ("tell me a joke", .general), ("", .general),
        ]
    )
    func routing(intent: String, agent: Agent) {
        #expect(Agent.choose(for: intent) == agent)
    }

    @Test("paths that do not exist are counted together")
    func otherPaths() {
        var service = Orchestrator(seed: 3)
        for path in ["/a", "/b", "", "/v1/sessions//context", "/v1/sessions/a/b/context", "/v1/sessions/{id}/context"] {
            service.count(path: path)
        }
        #expect(service.counts["other"] == 5)
        #expect(service.counts["/v1/sessions/{id}/context"] == 1)
        #expect(service.counts.count == DemoRoute.allCases.count + 1)
    }

    @Test("a full cache drops its oldest question")
    func cacheCapacity() {
        var service = Orchestrator(seed: 3)
        func ask(_ question: Int) -> String? {
            let body = Array(#"{"question": "\#(question)"}"#.utf8)
            return service.answer(to: DemoRequest(method: .POST, path: "/v1/answers", body: body))?
                .headers["X-Cache"].first
        }
        let first = (0...1024).map(ask)
        #expect(first.allSatisfy { $0 == "miss" })
        #expect([1, 1024, 0].map(ask) == ["hit", "hit", "miss"])
    }
}
