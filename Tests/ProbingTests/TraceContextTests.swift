import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Probing

@Suite("Trace context", .timeLimit(.minutes(1)))
struct TraceContextTests {
    @Test("it is written as version 00 of the recommendation, sampled, and never the same twice")
    func format() throws {
        let contexts = (0..<1000).map { _ in TraceContext() }
        for context in contexts {
            #expect(try /00-[0-9a-f]{32}-[0-9a-f]{16}-01/.wholeMatch(in: context.traceparent) != nil)
            #expect(context.traceparent == "00-\(context.traceID)-\(context.spanID)-01")
        }
        #expect(Set(contexts.map(\.traceID)).count == contexts.count)
        #expect(Set(contexts.map(\.spanID)).count == contexts.count)
    }

    @Test("every request of an iteration carries the trace id of its outcome, redirects and warm-up included")
    func requests() async throws {
        let redirect = ScriptedService.Step.answer("", status: "302 Found", headers: ["Location: /there"])
        let service = try await ScriptedService.start([.awaitRequest, redirect] + .always("ok"))
        let run = run(Self.request(), at: .local(service.port), warmup: 1)
        let result = await run.measure()
        let iterations = result.warmupIterations + result.iterations
        #expect(iterations.allSatisfy { $0.failure == nil })
        let ids = iterations.compactMap(\.traceID)
        #expect(Set(ids).count == 3)
        let received = service.record.requests.map { $0.head.headers["traceparent"] }
        #expect(received.map(\.count) == [1, 1, 1, 1, 1, 1])
        let receivedIDs = received.compactMap { $0.first?.split(separator: "-").dropFirst().first.map(String.init) }
        #expect(receivedIDs == ids.flatMap { [$0, $0] })
    }

    @Test("a failed iteration has its trace id too")
    func failure() async throws {
        let service = try await ScriptedService.start(.always("busy", status: "503 Service Unavailable"))
        let result = await run(Self.request(), at: .local(service.port)).measure()
        let summary = Self.record(of: result).summary.operations[0]
        #expect(summary.lastFailure?.reason == .http5xx)
        let last = try #require(service.record.requests.last).head.headers["traceparent"].joined()
        let traceID = try #require(summary.lastFailureTraceID)
        #expect(last.contains(traceID))
    }

    @Test(
        "a header of that name in the configuration wins, and the iteration then has no trace id",
        arguments: [true, false]
    )
    func configured(ofTarget: Bool) async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let header = HeaderDefinition("Traceparent", "00-11111111111111111111111111111111-2222222222222222-00")
        let target = HTTPTarget.local(service.port, headers: ofTarget ? [header] : [])
        let result = await run(Self.request(headers: ofTarget ? [] : [header]), at: target).measure()
        #expect(result.iterations.map(\.traceID) == [nil, nil])
        let received = service.record.requests.map { $0.head.headers["traceparent"] }
        #expect(received == [[header.value.reveal], [header.value.reveal]])
    }

    @Test("nothing but HTTP carries one")
    func redis() {
        let endpoint = RedisEndpoint(host: "a", port: 1, database: 0)
        #expect(!ProbeDefinition.redis(RedisProbeDefinition(command: ["PING"]), endpoint).carriesTraceContext)
    }

    private static func request(headers: [HeaderDefinition] = []) -> HTTPProbeDefinition {
        HTTPProbeDefinition(method: "GET", path: "/", headers: headers, followsRedirects: true)
    }

    /// A run of two iterations.
    private func run(
        _ definition: HTTPProbeDefinition,
        at target: HTTPTarget,
        warmup: Int = 0
    ) -> BenchmarkRun<ContinuousClock> {
        BenchmarkRun(
            .test(.http(definition, target), iterations: 2, warmup: warmup, timeout: .seconds(30)),
            probe: HTTPProbe(definition, target: target, transport: HTTPTransport(to: target)),
            nullTarget: FixedProbe(),
            eventLoop: NIOAsyncTestingEventLoop(),
            clock: ContinuousClock()
        )
    }

    private static func record(of result: BenchmarkRun<ContinuousClock>.Result) -> RunRecord {
        RunRecord(
            benchmark: "b",
            outcome: .completed,
            intendedAt: 0,
            completedAt: 1,
            lateness: .zero,
            operations: result.records(of: BenchmarkDefinition.test().operations)
        )
    }
}
