import ExporterTestSupport
import Foundation
import Testing

/// Sequences leave nothing behind: what they write is undone, and where nobody is left to undo it, it expires.
@Suite("sequences", .serialized, .timeLimit(.minutes(2))) struct SequenceTests {
    private func configuration(redis: RedisServer, service: ScriptedService) -> String {
        """
        instance: test
        targets:
          cache: { redis: { url: "\(redis.url)" } }
          assistant: { http: { base_url: "http://127.0.0.1:\(service.port)" } }
        benchmarks:
          - name: conversation_storage
            target: cache
            interval: 60s
            start_jitter: 0ms
            iterations: 3
            warmup_iterations: 0
            timeout: 20s
            probe:
              steps:
                - measure: append
                  redis: { command: [RPUSH, "{{prefix}}{{nonce}}", "{{uuid}}"], expect: { value: 1 } }
                - redis: { command: [EXPIRE, "{{prefix}}{{nonce}}", 60], expect: { value: 1 } }
                - measure: read
                  redis: { command: [LINDEX, "{{prefix}}{{nonce}}", -1], expect: { value: "{{uuid}}" } }
                  repeat_until: { deadline: 1s }
                - measure: ask
                  target: assistant
                  http: { path: / }
              finally:
                - redis: { command: [DEL, "{{prefix}}{{nonce}}"] }
        """
    }

    private func start(_ redis: RedisServer, _ service: ScriptedService) async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: configuration(redis: redis, service: service),
            in: try TemporaryDirectory(),
            arguments: ["--store.url", "none"]
        )
    }

    @Test("a run that ends leaves no key, and every measured step has its series")
    func complete() async throws {
        let redis = try await RedisServer.start()
        let service = try await ScriptedService.start(.always("ok"))
        let exporter = try await start(redis, service)
        _ = try await exporter.process.waitForLine(containing: "grade changed")
        #expect(try await redis.command("DBSIZE") == ["0"])
        let metrics = try await exporter.scrape()
        let good = metrics.series(of: "ai_benchmark_iterations_total").filter { $0.labels["result"] == "good" }
        #expect(
            Dictionary(uniqueKeysWithValues: good.map { ("\($0.labels["operation"] ?? "")", $0.value) })
                == ["append": 3, "read": 3, "ask": 3]
        )
        #expect(await exporter.stop() == 0)
        #expect(try await redis.command("DBSIZE") == ["0"])
    }

    @Test("the example of the README works")
    func readme() async throws {
        let root = URL(fileURLWithPath: GoldenFile.fixture("../../README.md"))
        let readme = try String(contentsOf: root, encoding: .utf8)
        let example = try #require(
            readme.components(separatedBy: "```").first { $0.hasPrefix("yaml\ninstance: assistant-0") }
        )
        let redis = try await RedisServer.start()
        let exporter = try await ExporterProcess.start(
            configuration: String(example.dropFirst("yaml".count))
                .replacing("127.0.0.1:6379", with: "127.0.0.1:\(redis.port)"),
            in: try TemporaryDirectory(),
            arguments: ["--store.url", "none"]
        )
        try await exporter.process.waitForLines(containing: "grade changed", count: 3)
        let metrics = try await exporter.scrape()
        let failed = metrics.series(of: "ai_benchmark_iterations_total").filter { $0.labels["result"] == "failed" }
        #expect(failed.map(\.value) == [0, 0, 0])
        let lag = metrics.series(of: "ai_benchmark_visibility_lag_seconds_count")
        #expect(lag.map(\.labels["operation"]) == ["read"])
        #expect(lag.map(\.value) == [10])
        #expect(await exporter.stop() == 0)
        #expect(try await redis.command("DBSIZE") == ["0"])
    }

    @Test("an iteration that a shutdown ends leaves no key either")
    func shutdown() async throws {
        let redis = try await RedisServer.start()
        let service = try await ScriptedService.start([])
        let exporter = try await start(redis, service)
        await service.wait { $0.requests.count == 1 }
        #expect(try await redis.command("DBSIZE") == ["1"])
        #expect(await exporter.stop() == 0)
        #expect(try await redis.command("DBSIZE") == ["0"])
    }

    @Test("after kill -9 all that is left has the prefix of the instance, and expires")
    func kill() async throws {
        let redis = try await RedisServer.start()
        let service = try await ScriptedService.start([])
        let exporter = try await start(redis, service)
        await service.wait { $0.requests.count == 1 }
        await exporter.process.kill()
        let keys = try await redis.command("KEYS", "*")
        #expect(keys.count == 1)
        for key in keys {
            #expect(key.hasPrefix("aibench:test:"))
            let seconds = try #require(try await redis.command("TTL", key).first.flatMap(Int.init))
            #expect(seconds > 0)
        }
    }
}
