import DemoService
import ExporterTestSupport
import Foundation
import Logging
import NIOHTTP1
import NIOPosix
import Testing

/// The alerts of the process, as an Alertmanager gets to know them.
@Suite("alerts of the process", .serialized, .timeLimit(.minutes(2))) struct AlertTests {
    private let directory: TemporaryDirectory
    private let receiver: ScriptedService

    init() async throws {
        directory = try TemporaryDirectory()
        receiver = try await ScriptedService.start(.always("ok"))
    }

    /// Every iteration that is answered at all is slow, or fast: the objective is far from both.
    static func configuration(servicePort: Int, alertmanagers: [String], resendInterval: String = "1m") -> String {
        """
        instance: test
        targets: { assistant: { http: { base_url: "http://127.0.0.1:\(servicePort)" } } }
        benchmarks:
          - name: health_check
            target: assistant
            interval: 1s
            start_jitter: 0
            timeout: 900ms
            iterations: 20
            warmup_iterations: 0
            concurrency: 20
            objective: { target: 400ms }
            probe: { http: { path: /health } }
        alerts:
          - { name: P95Breach, for: 1s, keep_firing_for: 0 }
          - { name: ExporterDown, for: 1s }
        alertmanager:
          urls: [\(alertmanagers.map { "\"\($0)\"" }.joined(separator: ", "))]
          resend_interval: \(resendInterval)
        """
    }

    /// A demo service that is well, and its port.
    static func demoService() async throws -> Int {
        let service = try await DemoService.bind(
            seed: 1,
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        )
        return try #require(URL(string: service.baseURL)?.port)
    }

    static func behave(_ behaviour: String, port: Int) async throws {
        let answer = try await LoopbackHTTP.request("PUT", "/demo/behaviour", port: port, body: behaviour)
        #expect(answer.status == 200)
    }

    private func start(_ configuration: String, store: String = "sqlite:state.db") async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: configuration,
            in: directory,
            arguments: ["--store.url", store, "--log.level", "debug"]
        )
    }

    @Test("a breach fires and arrives, over a kill it is neither forgotten nor fired again, and recovery resolves it")
    func breach() async throws {
        let alertmanager = try await AlertmanagerServer.start(telling: receiver)
        let port = try await Self.demoService()
        let configuration = Self.configuration(servicePort: port, alertmanagers: [alertmanager.url])
        let first = try await start(configuration)
        try await Self.behave(#"{"slow_by_ms": 600}"#, port: port)
        try await first.process.waitForLine(containing: "\"alert pending\" alert=P95Breach")
        let pendingAt = ContinuousClock.now
        try await first.process.waitForLine(containing: "\"alert firing\" alert=P95Breach")
        // For a second, until the run after that has ended; a busy machine may take its time.
        #expect(pendingAt.duration(to: .now) < .seconds(6))
        await receiver.wait { $0.notifications.contains { $0.name == "AIBenchmarkP95Breach" } }
        let told = try #require(receiver.record.notifications.first { $0.name == "AIBenchmarkP95Breach" })
        #expect(told.status == "firing")
        #expect(
            told.labels == [
                "alertname": "AIBenchmarkP95Breach", "severity": "critical", "instance": "test", "source": "exporter",
                "benchmark": "health_check", "operation": "get", "target": "assistant",
            ]
        )
        let firing = ["benchmark": "health_check", "operation": "get", "target": "assistant", "alert": "P95Breach"]
            .merging(["state": "firing"]) { $1 }
        #expect(try await first.scrape().value(of: "ai_benchmark_alert_state", labels: firing) == 1)
        // What is committed after a run holds the transition that came before.
        try await first.process.waitForLines(
            containing: "run finished",
            count: first.process.lines.count { $0.contains("run finished") } + 2
        )
        await first.process.kill()

        let second = try await start(configuration)
        try await second.process.waitForLine(containing: "alertmanager was told")
        #expect(try await second.scrape().value(of: "ai_benchmark_alert_state", labels: firing) == 1)
        try await Self.behave("{}", port: port)
        try await second.process.waitForLine(containing: "\"alert resolved\" alert=P95Breach")
        #expect(!second.process.lines.contains { $0.contains("\"alert firing\" alert=P95Breach") })
        await receiver.wait { $0.notifications.contains { $0.name == told.name && $0.status == "resolved" } }
        let all = receiver.record.notifications.filter { $0.name == told.name }
        #expect(all.map(\.status) == ["firing", "resolved"])
        #expect(all.map(\.startsAt) == [told.startsAt, told.startsAt])
        #expect(try await second.scrape().value(of: "ai_benchmark_alert_state", labels: firing) == nil)
        #expect(await second.stop() == 0)
    }

    @Test("Alertmanagers that are down, hang, refuse or are overloaded hold up neither each other nor a probe")
    func trouble() async throws {
        let service = try await ScriptedService.start(.always("broken", status: "500 Internal Server Error"))
        let hanging = try await ScriptedService.start([.awaitRequest])
        let refusing = try await ScriptedService.start(.always("{}", status: "400 Bad Request"))
        let overloaded = try await ScriptedService.start(
            [.awaitRequest, .answer("", status: "503 Service Unavailable")] + .always(""),
            .always("")
        )
        let exporter = try await start(
            Self.configuration(
                servicePort: service.port,
                alertmanagers: [
                    "http://127.0.0.1:\(try FreePort.find())", "http://127.0.0.1:\(hanging.port)",
                    "http://user:canary@127.0.0.1:\(refusing.port)/prefix/", "http://127.0.0.1:\(overloaded.port)",
                    "http://127.0.0.1:\(receiver.port)",
                ],
                resendInterval: "1s"
            )
        )
        // Sent again, again and again, also while the others fail.
        await receiver.wait { $0.posts.count >= 4 }
        let post = try #require(receiver.record.posts.first?.first { $0.name == "AIBenchmarkP95Breach" })
        #expect(post.isOfExporter)
        let head = try #require(receiver.record.requests.first?.head)
        #expect(head.uri == "/api/v2/alerts")
        await refusing.wait { $0.requests.count >= 2 }
        let refused = try #require(refusing.record.requests.first?.head)
        #expect(refused.uri == "/prefix/api/v2/alerts")
        #expect(refused.headers["Authorization"] == ["Basic dXNlcjpjYW5hcnk="])
        #expect(receiver.record.requests.allSatisfy { !$0.head.headers.contains(name: "Authorization") })
        try await exporter.process.waitForLine(containing: "\"alertmanager takes alerts again\"")
        let seen = service.record.requests.count
        await service.wait { $0.requests.count >= seen + 40 }
        let metrics = try await exporter.scrape()
        for outcome in ["sent", "failed"] {
            let name = "ai_benchmark_exporter_alert_notifications_total"
            #expect(try #require(metrics.value(of: name, labels: ["outcome": outcome])) >= 2)
        }
        let complaints = exporter.process.lines.filter { $0.contains("\"alertmanager does not take alerts\"") }
        #expect(complaints.contains { $0.hasSuffix("reason=\"it answered with status 400\"") })
        #expect(complaints.contains { $0.contains("Connection refused") })
        #expect(complaints.count { $0.contains(":\(refusing.port)") } == 1)
        #expect(!exporter.process.lines.contains { $0.contains("canary") || $0.contains("dXNlcjpjYW5hcnk") })
        #expect(try await exporter.request("GET", "/config").text.contains("canary") == false)
        #expect(await exporter.stop() == 0)
    }

    @Test("a reload takes up other Alertmanagers")
    func reload() async throws {
        let service = try await ScriptedService.start(.always("broken", status: "500 Internal Server Error"))
        let other = try await ScriptedService.start(.always(""))
        let urls = [receiver, other].map { "http://127.0.0.1:\($0.port)" }
        let first = Self.configuration(servicePort: service.port, alertmanagers: [urls[0]], resendInterval: "1s")
        let exporter = try await start(first)
        await receiver.wait { !$0.posts.isEmpty }
        #expect(other.record.requests.isEmpty)
        let second = Self.configuration(servicePort: service.port, alertmanagers: [urls[1]], resendInterval: "1s")
        try Data(second.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        #expect(try await exporter.request("POST", "/-/reload").status == 200)
        await other.wait { !$0.posts.isEmpty }
        let told = receiver.record.posts.count
        await other.wait { $0.posts.count >= 3 }
        #expect(receiver.record.posts.count <= told + 1)
        #expect(await exporter.stop() == 0)
    }

    @Test("what Redis has in the place of alerts is set aside, and alerts begin anew")
    func hostileMemory() async throws {
        let redis = try await RedisServer.start()
        let stored = "{aibench:test}:documents"
        try await redis.command("HSET", stored, "alerts", "1 1\n{\"version\": 9}")
        let service = try await ScriptedService.start(.always("broken", status: "500 Internal Server Error"))
        let exporter = try await start(
            Self.configuration(servicePort: service.port, alertmanagers: []),
            store: redis.url
        )
        let line = try await exporter.process.waitForLine(containing: "a stored document is refused and set aside")
        #expect(line.contains("document=alerts.refused"))
        try await exporter.process.waitForLine(containing: "\"alert firing\" alert=P95Breach")
        #expect(await exporter.stop() == 0)
        #expect(try await redis.command("HGET", stored, "alerts.refused").last == "{\"version\": 9}")
        #expect(try await redis.command("HGET", stored, "alerts").last?.contains("P95Breach") == true)
    }
}
