import BenchmarkModel
import ExporterTestSupport
import Foundation
import Recording
import Testing

/// A real Prometheus scrapes the exporter each second and is the judge.
@Suite("prometheus", .serialized, .timeLimit(.minutes(5))) struct PrometheusTests {
    @Test(
        "over twenty kills Prometheus sees no reset, and counts what the service saw",
        arguments: ["sqlite", "redis"]
    )
    func resets(store: String) async throws {
        let redis = store == "redis" ? try await RedisServer.start() : nil
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let port = try FreePort.find()
        let prometheus = try await PrometheusServer.start(scraping: port)
        for cycle in 1...10 {
            let exporter = try await ExporterProcess.start(
                configuration: ServingTests.configuration(port: service.port, timeout: "50ms", interval: "60ms"),
                in: directory,
                port: port,
                arguments: ["--store.url", redis?.url ?? "sqlite:state.db", "--log.level", "debug"]
            )
            try await exporter.process.waitForLines(containing: "handler=metrics", count: cycle == 10 ? 4 : 1)
            let seen = service.record.requests.count
            let more = Int.random(in: 0...10)
            await service.wait { $0.requests.count >= seen + more }
            await exporter.process.kill()
        }
        for name in Self.cumulativeNames {
            #expect(try await prometheus.query("sum(resets(\(name)[1h])) or vector(0)") == 0, "\(name)")
        }
        let counted = try await prometheus.query("sum(last_over_time(ai_benchmark_iterations_total[1h]))")
        #expect(try #require(counted) > 0)
        #expect(try #require(counted) <= Double(service.record.requests.count))
    }

    /// The names of everything of a benchmark that must never go back.
    private static var cumulativeNames: [String] {
        MetricCatalog.all.filter { $0.labels.contains("benchmark") }.flatMap { descriptor -> [String] in
            switch descriptor.type {
            case .counter: [descriptor.name]
            case .histogram: ["_bucket", "_count", "_sum"].map { descriptor.name + $0 }
            case .gauge: []
            }
        }
    }
}
