import BenchmarkModel
import DemoService
import ExporterTestSupport
import Testing

/// Every category as it is by itself, against a service that does well and one that answers fast and wrong.
@Suite("categories", .serialized, .timeLimit(.minutes(2))) struct CategoryTests {
    private static let overRedis: [BenchmarkCategory] = [
        .cachedResponse, .contextLoading, .conversationStorage, .concurrentOperations, .memoryOperations, .healthCheck,
    ]

    private static func configuration(service: DemoService, redis: RedisServer) -> String {
        let overHTTP = BenchmarkCategory.allCases.map { "  - { name: \($0.rawValue), target: assistant }" }
        let overRedis = overRedis.map {
            "  - { name: \($0.rawValue)_redis, category: \($0.rawValue), target: cache }"
        }
        return """
            instance: test
            defaults: { interval: 60s, start_jitter: 0, timeout: 20s, iterations: 4, warmup_iterations: 1 }
            targets:
              assistant: { http: { base_url: "\(service.baseURL)" } }
              cache: { redis: { url: "\(redis.url)" } }
            benchmarks:
            \((overHTTP + overRedis).joined(separator: "\n"))
            """
    }

    /// The metrics after one run of every benchmark, against a service that does as `behaviour` says.
    private static func run(
        _ behaviour: String?
    ) async throws -> (metrics: ParsedExposition, keys: [String], held: String) {
        let redis = try await RedisServer.start()
        return try await RunningDemo.with(seed: 7) { service, port in
            if let behaviour {
                let answer = try await LoopbackHTTP.request("PUT", "/demo/behaviour", port: port, body: behaviour)
                try #require((200...299).contains(answer.status))
            }
            let exporter = try await ExporterProcess.start(
                configuration: configuration(service: service, redis: redis),
                in: try TemporaryDirectory(),
                arguments: ["--store.url", "none"]
            )
            let names = BenchmarkCategory.allCases.map(\.rawValue) + overRedis.map { "\($0.rawValue)_redis" }
            for name in names { _ = try await exporter.process.waitForLine(containing: "benchmark=\(name) ") }
            let metrics = try await exporter.scrape()
            #expect(await exporter.stop() == 0)
            let held = try await LoopbackHTTP.request("GET", "/demo/counts", port: port).text
            return (metrics, try await redis.command("DBSIZE"), held)
        }
    }

    @Test("a service that does well passes in every operation, and nothing is left behind")
    func well() async throws {
        let (metrics, keys, held) = try await Self.run(nil)
        let failed = metrics.series(of: "ai_benchmark_iterations_total")
            .filter { $0.labels["result"] == "failed" && $0.value > 0 }
        #expect(failed.isEmpty)
        let categories = Set(metrics.series(of: "ai_benchmark_info").compactMap { $0.labels["category"] })
        #expect(categories == Set(BenchmarkCategory.allCases.map(\.rawValue)))
        #expect(metrics.series(of: "ai_benchmark_run_validation_ratio").allSatisfy { $0.value == 1 })
        let operations = Set(metrics.series(of: "ai_benchmark_visibility_lag_seconds_count").map(\.labels["operation"]))
        #expect(operations == ["read", "search", "verify", "gone"])
        let efficiency = metrics.series(of: "ai_benchmark_run_efficiency_ratio").map(\.labels["benchmark"])
        #expect(Set(efficiency) == ["concurrent_operations", "concurrent_operations_redis"])
        #expect(keys == ["0"])
        #expect(held.contains(#""conversations":0,"memories":0,"sessions":0"#), "\(held)")
    }

    @Test("fast wrong answers fail with the reason validation, wherever there is something to be right about")
    func wrong() async throws {
        let (metrics, _, _) = try await Self.run(#"{"wrong_ratio": 1}"#)
        let wrong = metrics.series(of: "ai_benchmark_failures_total")
            .filter { $0.labels["reason"] == "validation" && $0.value > 0 }
            .map { "\($0.labels["benchmark"] ?? "")/\($0.labels["operation"] ?? "")" }
        let expected = [
            "model_response/stream", "model_response/unary", "cached_response/hit", "context_loading/load",
            "agent_routing/route", "memory_operations/search",
        ]
        for operation in expected { #expect(wrong.contains(operation), "\(operation)") }
        let ratios = metrics.series(of: "ai_benchmark_run_validation_ratio")
        #expect(ratios.contains { $0.labels["benchmark"] == "agent_routing" && $0.value == 0 })
    }
}
