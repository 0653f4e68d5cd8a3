import ExporterTestSupport
import Foundation
import Testing

/// The whole chain: demo service → exporter → Prometheus with the generated rules → Alertmanager → receiver.
@Suite("the chain of alerts", .timeLimit(.minutes(4))) struct AlertChainTests {
    private static let deployed = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("deploy/alertmanager/alertmanager.yml")

    private static let breach = "AIBenchmarkP95Breach"
    private static let down = "AIBenchmarkExporterDown"

    @Test("a breach, its end, an exporter that is killed: each arrives once, and nothing else is said of a restart")
    func chain() async throws {
        let receiver = try await ScriptedService.start(.always("ok"))
        let alertmanager = try await AlertmanagerServer.start(Self.routing(to: receiver))
        let servicePort = try await AlertTests.demoService()
        let configuration = AlertTests.configuration(servicePort: servicePort, alertmanagers: [alertmanager.url])
        let directory = try TemporaryDirectory()
        let port = try FreePort.find()
        let exporter = try await Self.start(configuration, in: directory, port: port)
        let rules = try await ExporterProcess.run(["rules", "--scrape.interval", "1s"], in: directory)
        #expect(rules.status == 0)
        try Data(rules.output.utf8).write(to: URL(fileURLWithPath: directory.file("exporter.rules.yml")))
        let prometheus = try await PrometheusServer.start(
            """
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ["\(directory.file("exporter.rules.yml"))"]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:\(alertmanager.port)"] }] }] }
            scrape_configs: [{ job_name: exporter, static_configs: [{ targets: ["127.0.0.1:\(port)"] }] }]
            """
        )

        // The service becomes slow. Both say so, and of the two the exporter is hidden.
        try await AlertTests.behave(#"{"slow_by_ms": 600}"#, port: servicePort)
        await receiver.wait { $0.tells(Self.breach, "firing", ofExporter: false) }
        try await exporter.process.waitForLine(containing: "\"alertmanager was told\"")
        let breaches = try await alertmanager.alerts().filter { $0.labels["alertname"] == Self.breach }
        #expect(breaches.map { $0.labels["source"] ?? "prometheus" }.sorted() == ["exporter", "prometheus"])
        for alert in breaches {
            let isOfExporter = alert.labels["source"] == "exporter"
            #expect(alert.status.state == (isOfExporter ? "suppressed" : "active"))
            #expect(alert.status.inhibitedBy.count == (isOfExporter ? 1 : 0))
            #expect(alert.annotations["runbook_url"] == "docs/runbooks.md#aibenchmarkp95breach")
        }

        // It is well again.
        try await AlertTests.behave("{}", port: servicePort)
        await receiver.wait { $0.tells(Self.breach, "resolved", ofExporter: false) }

        // The exporter is killed, and comes back.
        await exporter.process.kill()
        await receiver.wait { $0.tells(Self.down, "firing", ofExporter: false) }
        let told = receiver.record.notifications.count
        let restarted = try await Self.start(configuration, in: directory, port: port)
        await receiver.wait { $0.tells(Self.down, "resolved", ofExporter: false) }
        try await restarted.process.waitForLines(containing: "handler=metrics", count: 16)
        let falsely = receiver.record.notifications.dropFirst(told).filter { $0.status == "firing" }
        #expect(falsely.filter { $0.name == Self.breach }.isEmpty, "\(falsely)")
        let breachesSince =
            #"max(max_over_time(ALERTS{alertname="\#(Self.breach)", alertstate="firing"}[15s])) or vector(0)"#
        #expect(try await prometheus.query(breachesSince) == 0)
        let resets = try await prometheus.query("sum(resets(ai_benchmark_iterations_total[1h]))")
        #expect(resets == 0)
        #expect(await restarted.stop() == 0)
    }

    @Test("the deployed routing is one that Alertmanager takes, and sends the Watchdog its own way")
    func routing() async throws {
        let path = Self.deployed.path
        let check = try ChildProcess(
            "amtool",
            debianPackage: "prometheus-alertmanager",
            arguments: ["check-config", path]
        )
        #expect(await check.waitForExit() == 0)
        for (alert, receiver) in [("AIBenchmarkWatchdog", "watchdog"), (Self.breach, "team")] {
            let test = try ChildProcess(
                "amtool",
                debianPackage: "prometheus-alertmanager",
                arguments: [
                    "config", "routes", "test", "--config.file", path, "--verify.receivers", receiver,
                    "alertname=\(alert)", "severity=critical",
                ]
            )
            #expect(await test.waitForExit() == 0, "\(test.lines)")
        }
    }

    private static func start(
        _ configuration: String,
        in directory: TemporaryDirectory,
        port: Int
    ) async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: configuration,
            in: directory,
            port: port,
            arguments: ["--store.url", "sqlite:state.db", "--log.level", "debug"]
        )
    }

    /// The deployed configuration, with the receiver of the test and without its patience.
    private static func routing(to receiver: ScriptedService) throws -> String {
        var text = try String(contentsOf: deployed, encoding: .utf8)
        let changes = [
            "http://127.0.0.1:9099": "http://127.0.0.1:\(receiver.port)", "group_wait: 30s": "group_wait: 1s",
            "group_interval: 5m": "group_interval: 1s",
        ]
        for (old, new) in changes {
            #expect(text.contains(old))
            text = text.replacing(old, with: new)
        }
        return text
    }
}

extension ScriptedService.Record {
    fileprivate func tells(_ name: String, _ status: String, ofExporter: Bool) -> Bool {
        notifications.contains { $0.name == name && $0.status == status && $0.isOfExporter == ofExporter }
    }
}
