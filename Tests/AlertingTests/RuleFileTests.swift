import Alerting
import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import Testing
import Yams

@Suite("Prometheus rules", .timeLimit(.minutes(2))) struct RuleFileTests {
    @Test("those of the configuration that init prints are in deploy/; make golden rewrites them")
    func example() throws {
        let text = try rules(of: ConfigurationTemplate.commented)
        let golden = GoldenFile("../../deploy/prometheus/ai-benchmark-exporter.rules.yml")
        #expect(try golden.difference(to: text) == nil)
    }

    @Test("the unit tests in deploy/ hold", arguments: DeployedRules.testFiles)
    func unitTests(file: String) async throws {
        let result = try await promtool("test", "rules", DeployedRules.folder + "/tests/" + file)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("the configuration of Prometheus in deploy/ is right")
    func prometheusConfiguration() async throws {
        let result = try await promtool("check", "config", DeployedRules.folder + "/prometheus.yml")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("1 rule files found"))
    }

    @Test("every alert has a unit test in which it fires and one in which it must not", arguments: AlertName.allCases)
    func unitTested(name: AlertName) throws {
        let cases = try DeployedRules.testFiles.flatMap(DeployedRules.cases).filter { $0.alertname == name.fullName }
        #expect(cases.contains { !$0.expected.isEmpty })
        guard name != .watchdog else { return }
        #expect(cases.contains { $0.expected.isEmpty })
    }

    @Test(
        "rules for any configuration are valid and none is there twice",
        arguments: [
            #"- { name: "a|b.*", target: s, interval: 1s, timeout: 500ms }"#,
            #"- { name: "quote\" and \\", target: s, operation: "x\"y" }"#,
            "- { name: yearly, target: s, interval: 1y }",
            "- { name: slow, target: s, iterations: 100000, timeout: 1h, interval: 2h }",
            "- { name: mean, target: s, objective: { statistic: mean } }",
            "- { name: a, target: s, objective: { statistic: p50, error_ratio: 1 } }\n"
                + "  - { name: b, target: s, objective: { statistic: p99, error_ratio: 0 } }\n"
                + "  - { name: c, target: s, interval: 15s }\n"
                + "  - { name: d, target: s, interval: 10m, objective: { statistic: mean } }",
        ]
    )
    func valid(benchmarks: String) async throws {
        let directory = try TemporaryDirectory()
        let text = try rules(of: configuration(benchmarks))
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("rules.yml")))
        let result = try await promtool("check", "rules", "--lint-fatal", directory.file("rules.yml"))
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("an objective on the mean is breached when the mean is, and not by a share of slow answers")
    func mean() async throws {
        let directory = try TemporaryDirectory()
        let text = try rules(
            of: configuration("- { name: a, target: s, interval: 15s, timeout: 1s, objective: { statistic: mean } }")
        )
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("rules.yml")))
        let labels = #"job="j",benchmark="a",operation="connect",target="s""#
        let unitTest = """
            rule_files: [rules.yml]
            tests:
              - interval: 15s
                input_series:
                  - { series: 'ai_benchmark_iterations_total{\(labels),result="good"}', values: '0+7x160' }
                  - { series: 'ai_benchmark_iterations_total{\(labels),result="slow"}', values: '0+3x160' }
                  - { series: 'ai_benchmark_duration_seconds_sum{\(labels)}', values: '0+0.9x80 72+1.2x80' }
                  - { series: 'ai_benchmark_duration_seconds_count{\(labels)}', values: '0+10x160' }
                  - { series: 'ai_benchmark_objective_ratio{\(labels)}', values: '0x160' }
                  - series: 'ai_benchmark_objective_seconds{\(labels),metric="duration",statistic="mean"}'
                    values: '0.1x160'
                alert_rule_test:
                  - { eval_time: 20m, alertname: AIBenchmarkP95Breach, exp_alerts: [] }
                promql_expr_test:
                  - expr: count by (alertstate, statistic) (ALERTS{alertname="AIBenchmarkP95Breach"})
                    eval_time: 35m
                    exp_samples: [{ labels: '{alertstate="firing",statistic="mean"}', value: 1 }]
            """
        try Data(unitTest.utf8).write(to: URL(fileURLWithPath: directory.file("test.yml")))
        let result = try await promtool("test", "rules", directory.file("test.yml"))
        #expect(result.status == 0, "\(result.output)")
    }

    @Test("what a configuration says of alerts is in the rules, a later entry before an earlier one")
    func overrides() throws {
        let benchmarks = """
            - { name: a, target: s }
              - { name: b, target: s }
            """
        let alerts = """
            alerts:
              - { name: P95Breach, for: 2h, severity: warning }
              - { name: P95Breach, benchmark: b, severity: info }
              - { name: RunStale, benchmark: "?", enabled: false }
              - { name: StoreDown, for: 0 }
            """
        let found = try DeployedRules.alerts(in: rules(of: configuration(benchmarks) + alerts))
        let breaches = found.filter { $0.alert == "AIBenchmarkP95Breach" }
        #expect(breaches.map(\.hold) == ["2h", "2h"])
        #expect(breaches.map { $0.labels["severity"] } == ["info", "warning"])
        #expect(breaches.map { $0.expression.contains(#"benchmark="b""#) } == [true, false])
        #expect(!found.contains { $0.alert == "AIBenchmarkRunStale" })
        #expect(found.first { $0.alert == "AIBenchmarkStoreDown" }?.hold == nil)
    }

    @Test(
        "an alert looks back over several intervals, several of the longest runs, and several scrapes",
        arguments: [
            ("15s", "1s", "1m", "5m"), ("15s", "1s", "15s", "2m"), ("30s", "10s", "1m", "10m"),
            ("5m", "1s", "1m", "30m"),
            ("30m", "1s", "1m", "3h"), ("1s", "500ms", "1s", "30s"), ("2d", "1s", "1m", "30d"),
            ("1y", "1s", "1m", "30d"),
        ]
    )
    func windows(interval: String, timeout: String, scrapeInterval: String, window: String) throws {
        let text = configuration("- { name: a, target: s, interval: \(interval), timeout: \(timeout) }")
        let found = try DeployedRules.alerts(in: rules(of: text, scrapeInterval: scrapeInterval))
        #expect(found.first { $0.alert == "AIBenchmarkP95Breach" }?.labels["window"] == window)
    }

    private func configuration(_ benchmarks: String) -> String {
        let lines = benchmarks.replacing(" }\n", with: ", category: health_check, probe: { tcp: {} } }\n")
        let last = lines.replacing(#/ }$/#, with: ", category: health_check, probe: { tcp: {} } }")
        return """
            targets: { s: { tcp: { address: "127.0.0.1:1" } } }
            benchmarks:
              \(last)

            """
    }

    private func rules(of configuration: String, scrapeInterval: String = "1m") throws -> String {
        let loader = ConfigurationLoader(environment: [:], hostName: "test") { _ in "" }
        return try RuleFile.text(
            for: loader.load(configuration, file: "test.yml").configuration,
            scrapeInterval: Duration(configurationText: scrapeInterval),
            runbooks: "docs/runbooks.md"
        )
    }

    private func promtool(_ arguments: String...) async throws -> (status: Int32, output: String) {
        let process = try ChildProcess("promtool", debianPackage: "prometheus", arguments: arguments)
        let status = await process.waitForExit()
        _ = try? await process.waitForLine(containing: "\u{0}")
        return (status, process.lines.joined(separator: "\n"))
    }
}
