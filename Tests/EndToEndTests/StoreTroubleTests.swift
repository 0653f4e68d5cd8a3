import ExporterTestSupport
import Foundation
import Testing

@testable import AIBenchmarkExporter

/// A store that is away, stands still, is damaged or belongs to another process never stops the exporter.
@Suite("store trouble", .timeLimit(.minutes(2))) struct StoreTroubleTests {
    private let directory: TemporaryDirectory
    private let service: ScriptedService

    init() async throws {
        directory = try TemporaryDirectory()
        service = try await ScriptedService.start(.always("ok"))
    }

    @Test("with Redis down at the start the exporter serves and counts, and stores everything once Redis is there")
    func downAtStart() async throws {
        let port = try FreePort.find()
        let exporter = try await start("redis://127.0.0.1:\(port)/0")
        #expect(try await exporter.request("GET", "/-/ready").status == 200)
        await service.wait { $0.requests.count >= 3 }
        let before = try await exporter.scrape()
        #expect(before.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 0)
        #expect(iterations(before) > 0)

        let redis = try await RedisServer.start(port: port)
        try await exporter.process.waitForLine(containing: "store is back")
        let seen = service.record.requests.count
        await service.wait { $0.requests.count >= seen + 3 }
        let after = try await exporter.scrape()
        #expect(after.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 1)
        #expect(iterations(after) > iterations(before))
        await exporter.process.kill()

        let restarted = try await start(redis.url)
        #expect(iterations(try await restarted.scrape()) >= iterations(after))
        #expect(await restarted.stop() == 0)
    }

    @Test("a shutdown does not wait for a Redis that stands still, and exits with 0")
    func stalledAtTheEnd() async throws {
        let redis = try await RedisServer.start()
        let exporter = try await start(redis.url)
        await service.wait { $0.requests.count >= 2 }
        redis.process.signal(SIGSTOP)
        try await exporter.process.waitForLine(containing: "store is down")
        let begun = ContinuousClock.now
        #expect(await exporter.stop() == 0)
        #expect(begun.duration(to: .now) < .seconds(10))
    }

    @Test(
        "an older process is fenced by a newer one, says so once, and goes on measuring",
        arguments: ["sqlite", "redis"]
    )
    func fenced(store: String) async throws {
        let redis = store == "redis" ? try await RedisServer.start() : nil
        let url = redis?.url ?? "sqlite:state.db"
        let older = try await start(url)
        await service.wait { $0.requests.count >= 2 }
        let newer = try await start(url)
        let message = "another process of this instance has taken over the store"
        try await older.process.waitForLine(containing: message)
        let seen = service.record.requests.count
        await service.wait { $0.requests.count >= seen + 10 }
        #expect(try await older.scrape().value(of: "ai_benchmark_exporter_store_fenced", labels: [:]) == 1)
        #expect(try await newer.scrape().value(of: "ai_benchmark_exporter_store_fenced", labels: [:]) == 0)
        #expect(older.process.lines.count { $0.contains(message) } == 1)
        #expect(await older.stop() == 0)
        #expect(await newer.stop() == 0)
    }

    @Test("what is stored in Redis and is none of ours is set aside, and counters begin at zero")
    func hostileRedis() async throws {
        let redis = try await RedisServer.start()
        try await redis.command("HSET", "{aibench:test}:state", "health_check", #"{"version": 1, "fence": -1}"#)
        try await redis.command("SET", "{aibench:test}:runs", "no stream")
        let exporter = try await start(redis.url)
        try await exporter.process.waitForLine(containing: "value=health_check")
        try await exporter.process.waitForLine(containing: "{aibench:test}:runs")
        await service.wait { $0.requests.count >= 3 }
        let metrics = try await exporter.scrape()
        #expect(metrics.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 1)
        #expect(iterations(metrics) <= Double(service.record.requests.count))
        #expect(await exporter.stop() == 0)
        #expect(try await redis.command("HKEYS", "{aibench:test}:refused") == ["health_check"])
        #expect(try await redis.command("GET", "{aibench:test}:runs:foreign") == ["no stream"])

        let restarted = try await start(redis.url)
        #expect(iterations(try await restarted.scrape()) >= iterations(metrics))
        #expect(!restarted.process.lines.contains { $0.contains("set aside") })
        #expect(await restarted.stop() == 0)
    }

    @Test("a file that is no database is set aside")
    func hostileFile() async throws {
        try Data(repeating: 7, count: 10_000).write(to: URL(fileURLWithPath: directory.file("state.db")))
        let exporter = try await start("sqlite:state.db")
        try await exporter.process.waitForLine(containing: "file is not a database")
        await service.wait { $0.requests.count >= 2 }
        #expect(try await exporter.scrape().value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 1)
        #expect(await exporter.stop() == 0)
    }

    @Test("SIGTERM ends the exporter with 0 while it still waits for its store")
    func terminatedDuringRestore() async throws {
        let process = try launch("redis://127.0.0.1:\(try FreePort.find())/0")
        try await process.waitForLine(containing: "store is down")
        process.signal(SIGTERM)
        #expect(await process.waitForExit() == 0)
        #expect(!process.lines.contains { $0.contains("listening") })
        #expect(service.record.requests.isEmpty)
    }

    @Test("SIGHUP during the wait for the store reloads once everything is started")
    func reloadedDuringRestore() async throws {
        let process = try launch("redis://127.0.0.1:\(try FreePort.find())/0")
        try await process.waitForLine(containing: "store is down")
        process.signal(SIGHUP)
        try await process.waitForLine(containing: "configuration reloaded")
        process.signal(SIGTERM)
        #expect(await process.waitForExit() == 0)
    }

    @Test("histograms that a reload began anew do not come back, although no run was recorded since")
    func revertedObjective() async throws {
        let configuration = ServingTests.configuration(port: service.port, timeout: "50s", interval: "1h")
        let exporter = try await ExporterProcess.start(
            configuration: configuration,
            in: directory,
            arguments: ["--store.url", "sqlite:state.db", "--log.level", "debug"]
        )
        try await exporter.process.waitForLine(containing: "grade changed")
        #expect(durations(try await exporter.scrape()) == 1)
        let edited = configuration.replacing("target: 50s", with: "target: 49s")
        try Data(edited.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        exporter.process.signal(SIGHUP)
        try await exporter.process.waitForLine(containing: "configuration reloaded")
        #expect(durations(try await exporter.scrape()) == 0)
        await exporter.process.kill()

        let restarted = try await ExporterProcess.start(
            configuration: configuration,
            in: directory,
            arguments: ["--store.url", "sqlite:state.db"]
        )
        let metrics = try await restarted.scrape()
        #expect(durations(metrics) == 0)
        #expect(iterations(metrics) == 1)
        #expect(await restarted.stop() == 0)
    }

    private func start(_ storeURL: String) async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: ServingTests.configuration(port: service.port),
            in: directory,
            arguments: ["--store.url", storeURL]
        )
    }

    /// Starts the exporter without waiting for it.
    private func launch(_ storeURL: String) throws -> ChildProcess {
        let configuration = ServingTests.configuration(port: service.port)
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        return try ChildProcess(
            ExporterProcess.binary,
            arguments: ["serve", "--web.listen-address", "127.0.0.1:0", "--store.url", storeURL],
            directory: directory.path
        )
    }

    private func iterations(_ metrics: ParsedExposition) -> Double {
        metrics.series(of: "ai_benchmark_iterations_total").map(\.value).reduce(0, +)
    }

    private func durations(_ metrics: ParsedExposition) -> Double? {
        metrics.series(of: "ai_benchmark_duration_seconds_count").first?.value
    }

    @Test("a process that has lost its store takes no orders", arguments: ["sqlite", "redis"])
    func fencedOrders(store: String) async throws {
        let redis = store == "redis" ? try await RedisServer.start() : nil
        let arguments = ["--store.url", redis?.url ?? "sqlite:state.db"]
        let configuration = ServingTests.configuration(port: service.port, timeout: "30s", interval: "1h")
        let older = try await ManagedExporter.start(configuration, in: directory, arguments: arguments)
        try await older.exporter.process.waitForLine(containing: "grade changed")
        let newer = try await ManagedExporter.start(configuration, in: directory, arguments: arguments)
        for (path, body) in [("continuous/stop", nil), ("baseline", #"{"action": "reset"}"#)] {
            let refused = try await older.call("POST", path, body)
            #expect(refused.status == 503)
            #expect(
                refused.problem == "another process of this instance has taken over the store: nothing was changed"
            )
        }
        #expect(try await older.read("status")["continuous"] == ["state": "running"])
        #expect(try await older.read("regressions")["regressions"].elements[0]["baseline_samples"] == 1)
        #expect(try await newer.call("POST", "continuous/stop").text == "{\"state\":\"stopped\"}\n")
        #expect(await older.exporter.stop() == 0)
        #expect(await newer.exporter.stop() == 0)
    }

    @Test("a baseline that is reset while a reload changes its benchmark is reset after that")
    func resetDuringReload() async throws {
        let redis = try await RedisServer.start()
        let configuration = ServingTests.configuration(port: service.port, timeout: "30s", interval: "1h")
        let managed = try await ManagedExporter.start(
            configuration,
            in: directory,
            arguments: ["--store.url", redis.url]
        )
        try await managed.exporter.process.waitForLine(containing: "grade changed")
        let file = URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml"))
        let edited = try String(contentsOf: file, encoding: .utf8).replacing("target: 30s", with: "target: 29s")
        try Data(edited.utf8).write(to: file)
        // So that the reset waits for its commit.
        redis.process.signal(SIGSTOP)
        async let reset = managed.call("POST", "baseline", #"{"action": "reset"}"#)
        async let reload = managed.call("POST", "/-/reload")
        #expect(try await reload.status == 200)
        #expect(try await reset.json["durable"] == false)
        redis.process.signal(SIGCONT)
        #expect(try await managed.read("regressions")["regressions"].elements[0]["baseline_samples"] == 0)
        #expect(await managed.exporter.stop() == 0)
    }
}
