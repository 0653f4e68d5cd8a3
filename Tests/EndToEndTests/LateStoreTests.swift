import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@testable import AIBenchmarkExporter
@testable import Alerting

/// A store that is away when the exporter starts, and comes back while it runs.
@Suite("late store", .timeLimit(.minutes(2))) struct LateStoreTests {
    private static let labels = ["benchmark": "health_check", "operation": "get", "target": "assistant"]

    @Test(
        "baselines, last runs and alerts that fired are back with the store; counters begin once, never added to stored ones"
    )
    func baseline() async throws {
        try await RunningDemo.with { _, port in try await baseline(of: port) }
    }

    private func baseline(of port: Int) async throws {
        let persistence = ["--appendonly", "yes", "--appendfsync", "always"]
        let redis = try await RedisServer.start(arguments: persistence)
        let directory = try TemporaryDirectory()
        var judge = CounterJudge()
        let first = try await start(port, redis, in: directory)
        try await first.process.waitForLine(containing: "baseline learnt")
        let learnt = try await first.scrape()
        judge.judge(learnt, requestsSinceStart: .max)
        let samples = try #require(learnt.value(of: "ai_benchmark_baseline_samples", labels: Self.labels))
        #expect(samples >= 400)
        #expect(await first.stop() == 0)
        let fired = "1 1\n" + (try Self.fired(at: WallClock.now - 60))
        try await redis.command("HSET", "{aibench:test}:documents", FiredAlerts.documentName, fired)
        await redis.process.kill()

        let second = try await start(port, redis, in: directory)
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
        let page = try await second.request("GET", "/benchmarks/health_check")
        #expect(page.text.contains("P95Breach fired"))
        #expect(later.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 1)
        await second.process.kill()

        // What is stored now is what was exposed: counters go on, and the baseline with them.
        let third = try await start(port, back, in: directory)
        let last = try await third.scrape()
        judge.judge(last, requestsSinceStart: 0)
        #expect(judge.resets == resets)
        #expect(judge.lies == [])
        #expect(last.value(of: "ai_benchmark_baseline_samples", labels: Self.labels) == samples)
        #expect(await third.stop() == 0)
    }

    /// The document of an alert about the benchmark that fired then.
    private static func fired(at time: Double) throws -> String {
        let identity = BenchmarkIdentity(benchmark: "health_check", operation: "get", target: "assistant")
        let alert = ProcessAlert(
            key: AlertKey(.p95Breach, .benchmark(identity)),
            severity: .critical,
            phase: .firing(since: time, clearedAt: nil),
            reason: "it is slow"
        )
        let document = FiredAlerts(nil, board: AlertBoard()) { _ in }.note([alert])
        return String(decoding: try #require(document), as: UTF8.self)
    }

    private func start(
        _ port: Int,
        _ redis: RedisServer,
        in directory: TemporaryDirectory
    ) async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: RunningDemo.learning(port: port, store: redis.url),
            in: directory
        )
    }

    private func iterations(_ metrics: ParsedExposition) -> Double {
        metrics.series(of: "ai_benchmark_iterations_total").map(\.value).reduce(0, +)
    }

    @Test("what somebody orders while the store is away is not undone when it comes back, and is stored then")
    func order() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let redis = try await RedisServer.start(arguments: ["--appendonly", "yes", "--appendfsync", "always"])
        let directory = try TemporaryDirectory()
        let arguments = ["--store.url", redis.url]
        let configuration = ServingTests.configuration(port: service.port, timeout: "30s", interval: "1h")
        let first = try await ManagedExporter.start(configuration, in: directory, arguments: arguments)
        try await first.exporter.process.waitForLine(containing: "grade changed")
        #expect(try await first.call("POST", "continuous/stop").text == "{\"state\":\"stopped\"}\n")
        #expect(await first.exporter.stop() == 0)
        await redis.process.kill()

        // Never answers, so that the last run is still the one of the store.
        let hanging = try await ScriptedService.start([.awaitRequest])
        let second = try await ManagedExporter.start(
            configuration.replacing(":\(service.port)\"", with: ":\(hanging.port)\""),
            in: directory,
            arguments: arguments
        )
        let started = try await second.call("POST", "continuous/start")
        #expect(started.text == "{\"durable\":false,\"state\":\"running\"}\n")
        let reset = try await second.call("POST", "baseline", #"{"action": "reset"}"#).json
        #expect(reset["durable"] == false)
        let back = try await RedisServer.start(
            port: redis.port,
            directory: redis.dataDirectory,
            arguments: ["--appendonly", "yes", "--appendfsync", "always"]
        )
        try await second.exporter.process.waitForLine(containing: "baselines and last runs of the store are back")
        #expect(try await second.read("status")["continuous"] == ["state": "running"])
        #expect(try await second.read("regressions")["regressions"].elements[0]["baseline_samples"] == 0)
        let again = try await second.call("POST", "continuous/start")
        #expect(again.text == "{\"state\":\"running\"}\n")
        await second.exporter.process.kill()

        let third = try await second.restarted(in: directory, arguments: arguments)
        #expect(try await third.read("status")["continuous"] == ["state": "running"])
        #expect(await third.exporter.stop() == 0)
        await back.process.kill()
    }
}
