import DemoService
import ExporterTestSupport
import Foundation
import Logging
import NIOPosix
import Testing

/// A store that is away when the exporter starts, and comes back while it runs.
@Suite("late store", .timeLimit(.minutes(2))) struct LateStoreTests {
    private static let labels = ["benchmark": "health_check", "operation": "get", "target": "assistant"]

    @Test(
        "baselines and last runs are back with the store; counters begin once, and are never added to what was stored"
    )
    func baseline() async throws {
        let service = try await DemoService.bind(
            seed: 3,
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            try await baseline(of: service.baseURL)
        }
    }

    private func baseline(of url: String) async throws {
        let persistence = ["--appendonly", "yes", "--appendfsync", "always"]
        let redis = try await RedisServer.start(arguments: persistence)
        let directory = try TemporaryDirectory()
        var judge = CounterJudge()
        let first = try await start(url, redis, in: directory)
        try await first.process.waitForLine(containing: "baseline learnt")
        let learnt = try await first.scrape()
        judge.judge(learnt, requestsSinceStart: .max)
        let samples = try #require(learnt.value(of: "ai_benchmark_baseline_samples", labels: Self.labels))
        #expect(samples >= 400)
        #expect(await first.stop() == 0)
        await redis.process.kill()

        let second = try await start(url, redis, in: directory)
        try await second.process.waitForLine(containing: "grade changed")
        let alone = try await second.scrape()
        // A reset to a few: nothing of what was counted before is in it.
        judge.judge(alone, requestsSinceStart: 300)
        #expect(alone.value(of: "ai_benchmark_baseline_samples", labels: Self.labels) ?? 0 < 400)
        #expect(alone.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 0)
        let resets = judge.resets

        let back = try await RedisServer.start(
            port: redis.port,
            directory: redis.dataDirectory,
            arguments: persistence
        )
        try await second.process.waitForLine(containing: "baselines and last runs of the store are back")
        let later = try await second.scrape()
        judge.judge(later, requestsSinceStart: 0)
        #expect(judge.resets == resets)
        #expect(judge.lies == [])
        #expect(later.value(of: "ai_benchmark_baseline_samples", labels: Self.labels) == samples)
        #expect(iterations(later) < iterations(learnt))
        #expect(later.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 1)
        await second.process.kill()

        // What is stored now is what was exposed: counters go on, and the baseline with them.
        let third = try await start(url, back, in: directory)
        let last = try await third.scrape()
        judge.judge(last, requestsSinceStart: 0)
        #expect(judge.resets == resets)
        #expect(judge.lies == [])
        #expect(last.value(of: "ai_benchmark_baseline_samples", labels: Self.labels) == samples)
        #expect(await third.stop() == 0)
    }

    private func start(
        _ url: String,
        _ redis: RedisServer,
        in directory: TemporaryDirectory
    ) async throws
        -> ExporterProcess
    {
        let configuration = """
            instance: test
            store: { url: "\(redis.url)" }
            targets: { assistant: { http: { base_url: "\(url)" } } }
            benchmarks:
              - name: health_check
                target: assistant
                operation: get
                interval: 200ms
                start_jitter: 0s
                timeout: 190ms
                iterations: 10
                warmup_iterations: 0
                objective: { target: 10s }
                probe: { http: { path: /health } }

            """
        return try await ExporterProcess.start(configuration: configuration, in: directory)
    }

    private func iterations(_ metrics: ParsedExposition) -> Double {
        metrics.series(of: "ai_benchmark_iterations_total").map(\.value).reduce(0, +)
    }
}
