import BenchmarkModel
import ExporterServer
import Foundation
import Synchronization
import Testing

@testable import AIBenchmarkExporter

@Suite("GET /benchmarks/metrics") struct MetricsResourceTests {
    private static let request = ServerRequest(method: "GET", path: "/")

    private struct Body: Decodable {
        var observedSince: String
        var computedAt: String
        var metrics: [Operation]

        struct Operation: Decodable {
            var benchmark: String
            var windows: [Window]
        }

        struct Window: Decodable {
            var windowSeconds: Double
            var count: Int
            var grade: String?
        }
    }

    private static func body(_ metrics: MetricsResource) throws -> Body {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Body.self, from: Data(metrics.show(request).body))
    }

    private static func counts(_ metrics: MetricsResource) throws -> [[Int]] {
        try body(metrics).metrics.map { $0.windows.map(\.count) }
    }

    @Test("every configured operation is there from the start, in each window what falls into it")
    func windows() throws {
        let metrics = MetricsResource(of: try SampleRun.definitions(["b", "a"])) { 100_000 }
        let names = try Self.body(metrics).metrics
        #expect(names.map(\.benchmark) == ["a", "b"])
        #expect(names[0].windows.map(\.windowSeconds) == [300, 3_600, 86_400])
        #expect(names[0].windows.allSatisfy { $0.grade == nil })
        for second in [99_999.0, 98_000, 50_000, 1_000] {
            metrics.add(SampleRun.summary(at: second, milliseconds: [10]))
        }
        #expect(try Self.counts(metrics) == [[1, 2, 3], [0, 0, 0]])
        #expect(try Self.body(metrics).observedSince == "1970-01-01T00:16:40.000Z")
    }

    @Test("a run of an operation that is not configured, or had another objective, is left out")
    func foreign() throws {
        let metrics = MetricsResource(of: try SampleRun.definitions()) { 100_000 }
        let other = BenchmarkIdentity(benchmark: "a", operation: "put", target: "assistant")
        metrics.add(SampleRun.summary(at: 99_999, milliseconds: [10], identity: other))
        metrics.add(SampleRun.summary(at: 99_999, milliseconds: [10], objective: Objective()))
        #expect(try Self.counts(metrics) == [[0, 0, 0]])
    }

    @Test("a reload keeps what stays the same, and begins anew what has another objective")
    func retain() throws {
        let metrics = MetricsResource(of: try SampleRun.definitions()) { 100_000 }
        metrics.add(SampleRun.summary(at: 99_999, milliseconds: [10]))
        metrics.retain(try SampleRun.definitions(["a", "b"]))
        #expect(try Self.counts(metrics) == [[1, 1, 1], [0, 0, 0]])
        metrics.retain(try SampleRun.definitions(["a"], target: 200))
        #expect(try Self.counts(metrics) == [[0, 0, 0]])
        metrics.retain([])
        #expect(try Self.counts(metrics).isEmpty)
    }

    @Test("figures are made once, until a run is published, five seconds have gone, or somebody drops them")
    func cache() throws {
        let time = Mutex(1_000.0)
        let metrics = MetricsResource(of: try SampleRun.definitions()) { time.withLock { $0 } }
        func computedAt(_ second: Double) throws -> String {
            time.withLock { $0 = second }
            return try Self.body(metrics).computedAt
        }
        #expect(try computedAt(1_000) == "1970-01-01T00:16:40.000Z")
        #expect(try computedAt(1_004.5) == "1970-01-01T00:16:40.000Z")
        metrics.add(SampleRun.summary(at: 1_004, milliseconds: [10]))
        #expect(try computedAt(1_004.5) == "1970-01-01T00:16:44.500Z")
        metrics.invalidate()
        #expect(try computedAt(1_005) == "1970-01-01T00:16:45.000Z")
        #expect(try computedAt(1_010) == "1970-01-01T00:16:50.000Z")
        // A clock that is set back does not keep old figures.
        #expect(try computedAt(900) == "1970-01-01T00:15:00.000Z")
    }

    @Test("who has seen the figures is told so until there are others")
    func tag() throws {
        let metrics = MetricsResource(of: try SampleRun.definitions()) { 100_000 }
        let tag = try #require(try metrics.show(Self.request).headers.first { $0.name == "ETag" }?.value)
        let again = ServerRequest(
            method: "GET",
            path: "/",
            headers: RequestHeaders([("If-None-Match", "\"x\", W/\(tag)")])
        )
        #expect(try metrics.show(again).status == 304)
        metrics.add(SampleRun.summary(at: 99_999, milliseconds: [10]))
        #expect(try metrics.show(again).status == 200)
    }
}
