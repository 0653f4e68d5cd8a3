import BenchmarkModel
import ExporterTestSupport
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import ExporterConfiguration
@testable import Probing

@Suite("Probe of a sequence", .timeLimit(.minutes(1)))
struct StepsProbeTests {
    private let factory = ProbeFactory.test()

    private func probe(
        _ steps: [StepDefinition],
        finally: [StepDefinition] = [],
        cases: [[String: JSONScalar]] = []
    ) async -> any Probe {
        let definition = StepsDefinition(prefix: "aibench:test:", cases: cases, steps: steps, finally: finally)
        return await factory.probe(for: .test(.steps(definition)))
    }

    /// Creates something, and asks for it; `second` is the rest of the script of the first connection.
    private func service(_ second: [ScriptedService.Step]) async throws -> ScriptedService {
        let created: [ScriptedService.Step] = [
            .awaitRequest, .answer(#"{"id": "m 1"}"#, status: "201 Created", headers: ["ETag: e1"]),
        ]
        return try await ScriptedService.start(created + second, .always("gone"))
    }

    private func createReadDelete(_ service: ScriptedService) async throws -> any Probe {
        let port = service.port
        return await probe(
            [
                .test(
                    "create",
                    .request("POST", "/memories", port: port, body: #"{"text": "{{nonce}}"}"#),
                    operation: "create",
                    captures: ["id": .json(try JSONPath(parsing: "$.id"))]
                ),
                .test("read", .request("GET", "/memories/{{id}}", port: port), operation: "read"),
                .test("check", .request("GET", "/check", port: port), operation: "check"),
            ],
            finally: [.test("delete", .request("DELETE", "/memories/{{id}}", port: port))]
        )
    }

    private func uris(_ service: ScriptedService) -> [String] {
        service.record.requests.map { "\($0.head.method) \($0.head.uri)" }
    }

    @Test("values of each kind go from one step to the next, and every measured step has its outcome")
    func captures() async throws {
        let service = try await service([.awaitRequest, .answer("the word is blue"), .awaitRequest, .answer("ok")])
        let redis = try await RedisServer.start()
        let probe = await probe(
            [
                .test(
                    "create",
                    .request("POST", "/", port: service.port, body: #"["{{uuid}}", {{iteration}}]"#),
                    operation: "create",
                    captures: ["id": .json(try JSONPath(parsing: "$.id")), "etag": .header("etag")]
                ),
                .test(
                    "word",
                    .request("GET", "/{{id}}", port: service.port, headers: [HeaderDefinition("If-Match", "{{etag}}")]),
                    captures: ["word": .match("is (\\w+)")]
                ),
                .test("set", .command("SET", "{{prefix}}k", "{{word}}", port: redis.port), operation: "set"),
                .test("get", .command("GET", "{{prefix}}k", port: redis.port), captures: ["got": .match("(.*)")]),
                .test("echo", .command("ECHO", "{{got}}", port: redis.port, value: "blue"), operation: "echo"),
                .test("last", .request("GET", "/{{got}}", port: service.port)),
            ]
        )
        let outcome = try await probe.execute(deadline: .generous)
        #expect(outcome.failure == nil)
        #expect(outcome.operations.count == 3)
        #expect(outcome.operations.allSatisfy { $0.failure == nil && $0.duration > .zero })
        let ends = outcome.operations.compactMap(\.endedAt)
        #expect(ends.count == 3 && ends == ends.sorted())
        #expect(outcome.duration > outcome.operations.map(\.duration).reduce(.zero, +))
        #expect(uris(service) == ["POST /", "GET /m%201", "GET /blue"])
        #expect(service.record.requests[1].head.headers["If-Match"] == ["e1"])
        let body = try #require(service.record.requests.first?.body)
        #expect(body.wholeMatch(of: /\["[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", 0\]/) != nil)
    }

    @Test("iterations take turns at the cases, with fresh values, and each run begins with the first")
    func cases() async throws {
        let redis = try await RedisServer.start()
        let probe = await probe(
            [
                .test(
                    "set",
                    .command("SET", "{{iteration}}", "{{name}}", port: redis.port)
                ),
                .test("nonce", .command("SADD", "nonces", "{{nonce}}", port: redis.port, value: "1")),
            ],
            cases: [["name": .string("a")], ["name": .string("b")]]
        )
        for _ in 0..<3 { #expect(try await probe.execute(deadline: .generous).failure == nil) }
        for (index, name) in ["a", "b", "a"].enumerated() {
            let get = await factory.probe(for: .test(.command("GET", "\(index)", port: redis.port, value: name)))
            #expect(try await get.execute(deadline: .generous).failure == nil)
        }
        #expect(try await probe.prepare(deadline: .generous) == nil)
        _ = try await probe.execute(deadline: .generous)
        let exists = await factory.probe(for: .test(.command("EXISTS", "3", port: redis.port, value: "0")))
        #expect(try await exists.execute(deadline: .generous).failure == nil)
    }

    @Test(
        "a step that fails ends the sequence, what is asked finally follows all the same",
        arguments: [
            ([.awaitRequest, .answer("", status: "500 Oops"), .startOver], FailureReason.http5xx),
            ([.awaitRequest, .answer("", status: "404 Not Found"), .startOver], .http4xx),
            ([.awaitRequest, .answer("", status: "429 Slow Down"), .startOver], .http429),
            ([.awaitRequest, .answer("", status: "302 Found"), .startOver], .http3xx),
            ([.awaitRequest, .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"), .close], .truncated),
            ([.awaitRequest, .send("nonsense\r\n\r\n"), .close], .protocol),
        ] as [([ScriptedService.Step], FailureReason)]
    )
    func failure(second: [ScriptedService.Step], reason: FailureReason) async throws {
        let service = try await service(second)
        let outcome = try await createReadDelete(service).execute(deadline: .generous)
        #expect(outcome.operations.map(\.failure?.reason) == [nil, reason, reason])
        let detail = try #require(outcome.operations[1].failure?.detail)
        #expect(outcome.operations[2].failure?.detail == "step 'read' failed: \(detail)")
        #expect(outcome.failure == outcome.operations[2].failure)
        #expect(uris(service) == ["POST /memories", "GET /memories/m%201", "DELETE /memories/m%201"])
    }

    @Test("a step whose answer lacks a captured value fails, and nothing is undone that was not done")
    func nothingCaptured() async throws {
        let service = try await ScriptedService.start(.always("{}"))
        let outcome = try await createReadDelete(service).execute(deadline: .generous)
        #expect(
            outcome.operations[0].failure
                == IterationFailure(.validation, "no value for {{id}}: $.id is no text, number or boolean")
        )
        #expect(uris(service) == ["POST /memories"])
    }

    @Test("the time being up, the iteration ends, and what is left is asked after the run")
    func timeout() async throws {
        let (service, probe, outcome) = try await withNearDeadline { time in
            let service = try await self.service([])
            let probe = try await createReadDelete(service)
            return (service, probe, try await probe.execute(deadline: .now() + time))
        } hasBegun: {
            uris($0.0).count == 2
        }
        #expect(outcome.operations.map(\.failure?.reason) == [nil, .timeout, .timeout])
        #expect(uris(service) == ["POST /memories", "GET /memories/m%201"])
        for _ in 0..<2 {
            await probe.cleanUp(deadline: .generous)
            #expect(uris(service) == ["POST /memories", "GET /memories/m%201", "DELETE /memories/m%201"])
        }
    }

    @Test(
        "what nobody answers finally holds up nothing and is asked again after the run, and what was refused is not",
        arguments: [
            (nil, 1), (.validation, 1), (.http4xx, 1), (.http5xx, 1), (.notIssued, 2), (.dns, 2), (.connect, 2),
            (.tls, 2), (.timeout, 2), (.truncated, 2),
        ] as [(FailureReason?, Int)]
    )
    func unanswered(_ reason: FailureReason?, _ times: Int) async throws {
        let (failing, last) = (FailingStep(reason), FailingStep(nil))
        let definition = StepsDefinition(
            prefix: "",
            steps: [.test("first", .request("GET", "/", port: 1))],
            finally: [.test("failing", .request("GET", "/", port: 1)), .test("last", .request("GET", "/", port: 1))]
        )
        let probe = StepsProbe(definition) { step in
            { _ in step.name == "failing" ? failing : step.name == "last" ? last : FailingStep(nil) }
        }
        #expect(try await probe.execute(deadline: .generous).failure == nil)
        await probe.cleanUp(deadline: .generous)
        #expect(failing.count == times)
        #expect(last.count == 1)
    }

    @Test("a task that is cancelled leaves what is left to the end of the run")
    func cancellation() async throws {
        let service = try await service([])
        let probe = try await createReadDelete(service)
        let wasCancelled = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do { _ = try await probe.execute(deadline: .generous) } catch { return true }
                return false
            }
            await service.wait { $0.requests.count == 2 }
            group.cancelAll()
            return await group.next() == true
        }
        #expect(wasCancelled)
        await probe.cleanUp(deadline: .generous)
        #expect(uris(service) == ["POST /memories", "GET /memories/m%201", "DELETE /memories/m%201"])
    }

    @Test("a request is repeated until its answer is the right one; the lag is from the write, the duration its own")
    func visibility() async throws {
        let service = try await ScriptedService.start([
            .awaitRequest, .answer(#"{"id": 7}"#), .awaitRequest, .answer("", status: "404 Not Found"),
            .awaitRequest, .answer("not yet"), .awaitRequest, .answer("found 7"),
        ])
        let probe = await probe([
            .test(
                "write",
                .request("POST", "/", port: service.port),
                captures: ["id": .json(try JSONPath(parsing: "$.id"))]
            ),
            .test(
                "read",
                .request("GET", "/", port: service.port, expect: HTTPExpectation(bodyContains: "found {{id}}")),
                operation: "read",
                repetition: RepetitionDefinition(deadline: .seconds(20), pause: .milliseconds(15))
            ),
        ])
        let outcome = try await probe.execute(deadline: .generous)
        #expect(outcome.failure == nil)
        let lag = try #require(outcome.operations[0].visibilityLag)
        #expect(lag >= .milliseconds(30))
        #expect(outcome.operations[0].duration <= lag - .milliseconds(30))
        #expect(service.record.requests.count == 4)
    }

    @Test("an answer that never becomes the right one is a wrong answer, and says how long it was waited for")
    func invisible() async throws {
        let service = try await ScriptedService.start(.always("", status: "404 Not Found"))
        let failure = try await withNearDeadline(from: .milliseconds(60)) { time in
            try await failureToRead(service, within: .nanoseconds(time.nanoseconds))
        } hasBegun: {
            $0?.reason == .validation
        }
        #expect(failure?.reason == .validation)
        let expected = /not as expected within \d+(\.\d+)? s: GET http:\S+: status 404 where 2xx was expected/
        #expect(failure?.detail.wholeMatch(of: expected) != nil)
    }

    private func failureToRead(_ service: ScriptedService, within time: Duration) async throws -> IterationFailure? {
        let repetition = RepetitionDefinition(deadline: time, pause: .milliseconds(5))
        let probe = await probe([
            .test("write", .request("GET", "/", port: service.port, expect: HTTPExpectation(statuses: [404]))),
            .test("read", .request("GET", "/", port: service.port), operation: "read", repetition: repetition),
        ])
        return try await probe.execute(deadline: .generous).operations[0].failure
    }

    @Test("the keys of Redis are as many after a run as before, whatever became of its iterations")
    func leavesNothingBehind() async throws {
        let redis = try await RedisServer.start()
        let service = try await ScriptedService.start(
            [.awaitRequest, .answer("ok"), .awaitRequest, .answer("", status: "500 Oops")]
        )
        let key = "{{prefix}}{{nonce}}"
        let probe = await probe(
            [
                .test("set", .command("SET", key, "v", "EX", "60", port: redis.port, value: "OK")),
                .test("ask", .request("GET", "/", port: service.port)),
            ],
            finally: [.test("delete", .command("DEL", key, port: redis.port))]
        )
        func keys(_ count: Int) async throws -> IterationFailure? {
            let size = await factory.probe(for: .test(.command("DBSIZE", port: redis.port, value: "\(count)")))
            return try await size.execute(deadline: .generous).failure
        }
        #expect(try await keys(0) == nil)
        #expect(try await probe.execute(deadline: .generous).failure == nil)
        #expect(try await keys(0) == nil)
        #expect(try await probe.execute(deadline: .generous).failure?.reason == .http5xx)
        #expect(try await keys(0) == nil)
        #expect(try await probe.execute(deadline: .near).failure?.reason == .timeout)
        #expect(try await keys(1) == nil)
        await probe.cleanUp(deadline: .generous)
        #expect(try await keys(0) == nil)
    }

    @Test("secrets of all targets of the steps stay out of what is said about failures")
    func redaction() {
        let target = HTTPTarget.local(1, headers: [HeaderDefinition("Authorization", "Bearer s3cr3t-canary")])
        let endpoint = RedisEndpoint(host: "a", port: 1, password: Secret("hunter2hunter2"), database: 0)
        let definition = StepsDefinition(
            prefix: "",
            steps: [.test("a", .http(HTTPProbeDefinition(method: "GET", path: "/"), target))],
            finally: [.test("b", .redis(RedisProbeDefinition(command: ["PING"]), endpoint))]
        )
        let failure = IterationFailure(.validation, "said s3cr3t-canary and hunter2hunter2")
        #expect(
            SecretRedaction(.steps(definition)).redacted(failure).detail == "said <redacted> and <redacted>"
        )
    }
}

/// A step that always comes to the same, and counts how often it was asked.
private final class FailingStep: AnsweringProbe {
    private let failure: IterationFailure?
    private let executions = Mutex(0)

    init(_ reason: FailureReason?) {
        failure = reason.map { IterationFailure($0, "failed") }
    }

    var count: Int { executions.withLock(\.self) }

    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        try await ask(deadline: deadline).outcome
    }

    func ask(
        deadline: NIODeadline
    ) async throws(CancellationError) -> (outcome: IterationOutcome, answer: ProbeAnswer?) {
        executions.withLock { $0 += 1 }
        return (IterationOutcome(duration: .zero, failure: failure, endedAt: .zero), nil)
    }
}
