import BenchmarkModel
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("HTTP probe", .timeLimit(.minutes(1)))
struct HTTPProbeTests {
    private func probe(
        _ service: ScriptedService,
        method: String = "GET",
        path: String = "/health",
        body: String? = nil,
        followsRedirects: Bool = false,
        expect: HTTPExpectation = .test()
    ) -> HTTPProbe {
        let definition = HTTPProbeDefinition(
            method: method,
            path: path,
            headers: [HeaderDefinition("X-Probe", "1")],
            body: body,
            connection: .warm,
            followsRedirects: followsRedirects,
            expect: expect
        )
        let target = HTTPTarget.local(service.port, headers: [HeaderDefinition("Authorization", "Bearer a")])
        return HTTPProbe(definition, target: target, transport: HTTPTransport(to: target))
    }

    private func redirect(to location: String, status: String = "302 Found") -> [ScriptedService.Step] {
        [.awaitRequest, .answer("", status: status, headers: ["Location: \(location)"])]
    }

    @Test("a right answer is a success with its duration and phases")
    func success() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let outcome = try await probe(service, method: "POST", body: "{}").execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(outcome.duration > .zero)
        #expect(Set(outcome.phases.keys) == [.connect, .request, .wait, .transfer])
        let request = try #require(service.record.requests.first)
        #expect(request.body == "{}")
        #expect(request.head.headers["x-probe"] == ["1"])
    }

    @Test("a wrong answer is a failure that was measured all the same")
    func wrongAnswer() async throws {
        let service = try await ScriptedService.start(.always("busy", status: "503 Service Unavailable"))
        let outcome = try await probe(service).execute(deadline: .generous)
        #expect(
            outcome.failure
                == IterationFailure(
                    .http5xx,
                    "GET http://127.0.0.1:\(service.port)/health: status 503 where 2xx was expected, with the body 'busy'"
                )
        )
        #expect(outcome.phases[.wait] != nil)
    }

    @Test("no answer is a failure of the exchange")
    func noAnswer() async throws {
        let service = try await ScriptedService.start([.awaitRequest, .close])
        let outcome = try await probe(service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .truncated)
        #expect(outcome.duration > .zero)
    }

    @Test("a redirect is not followed unless asked")
    func notFollowed() async throws {
        let service = try await ScriptedService.start(redirect(to: "/elsewhere") + [.startOver])
        let outcome = try await probe(service).execute(deadline: .generous)
        #expect(outcome.failure?.reason == .http3xx)
        #expect(service.record.requests.count == 1)
        let expected = try await probe(service, expect: .test(statuses: [302])).execute(deadline: .generous)
        #expect(expected.failure == nil)
    }

    @Test("redirects within the origin are followed, with the headers of the target")
    func followed() async throws {
        let service = try await ScriptedService.start(
            redirect(to: "/second?x=1", status: "307 Temporary Redirect")
                + redirect(to: "third", status: "303 See Other")
                + [.awaitRequest, .answer("here")]
        )
        let outcome = try await probe(service, method: "POST", body: "{}", followsRedirects: true)
            .execute(deadline: .generous)
        #expect(outcome.failure == nil)
        let requests = service.record.requests
        #expect(
            requests.map { "\($0.head.method) \($0.head.uri)" } == ["POST /health", "POST /second?x=1", "GET /third"]
        )
        #expect(requests.map(\.body) == ["{}", "{}", ""])
        #expect(requests.allSatisfy { $0.head.headers["authorization"] == ["Bearer a"] })
        #expect(outcome.duration >= [.request, .wait, .transfer].compactMap { outcome.phases[$0] }.reduce(.zero, +))
    }

    @Test("a redirect to another origin is refused, and nobody else is asked")
    func crossOrigin() async throws {
        let other = try await ScriptedService.start(.always("stolen"))
        let service = try await ScriptedService.start(redirect(to: "http://127.0.0.1:\(other.port)/"))
        let outcome = try await probe(service, followsRedirects: true).execute(deadline: .generous)
        #expect(
            outcome.failure
                == IterationFailure(
                    .http3xx,
                    "GET http://127.0.0.1:\(service.port)/health: the location is in another origin, "
                        + "'http://127.0.0.1:\(other.port)'"
                )
        )
        #expect(other.record.connections == 0)
    }

    @Test("the sixth redirect is one too many")
    func endlessRedirects() async throws {
        let service = try await ScriptedService.start(redirect(to: "/again") + [.startOver])
        let outcome = try await probe(service, followsRedirects: true).execute(deadline: .generous)
        #expect(
            outcome.failure
                == IterationFailure(.http3xx, "GET http://127.0.0.1:\(service.port)/again: more than 5 redirects")
        )
        #expect(service.record.requests.count == 6)
    }
}
