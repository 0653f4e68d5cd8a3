import BenchmarkModel
import ExporterTestSupport
import Foundation
import Recording
import Testing

/// Dashboards and deployment ask for what the exporter has, and the demo fills every panel.
@Suite("dashboards", .timeLimit(.minutes(2))) struct DashboardTests {
    /// What the demo has no samples of when the test asks, and the only place that says so; it fails once that is not so.
    private static let coming: Set<String> = [
        "ai_benchmark_baseline_latency_seconds",
        "ai_benchmark_regression_shift_ratio", "ai_benchmark_regression_state",
        "ai_benchmark_trend_slope_ratio_per_hour",
    ]
    /// What the demo has samples of only while an alert is pending or firing.
    private static let occasional: Set = ["ai_benchmark_alert_state"]
    /// In the place of the rules of a deployment, which have this alert too.
    private static let rules = "groups: [{ name: always, rules: [{ alert: AIBenchmarkWatchdog, expr: vector(1) }] }]"
    /// Whether every operation has had a run between two scrapes, one of them a valid one, without which there is no
    /// baseline, and the rules were evaluated.
    private static let ready =
        #"min(increase(ai_benchmark_runs_total{outcome="completed"}[1h])) > 0 "#
        + "and on () count(ai_benchmark_baseline_samples) and on () count(ALERTS)"

    @Test("every query of every dashboard has figures, and only finite ones, when Prometheus scrapes the demo")
    func queries() async throws {
        let port = try FreePort.find()
        let prometheus = try await PrometheusServer.start(scraping: port, rules: Self.rules)
        let exporter = try await ExporterProcess.start(
            arguments: ["demo", "--web.listen-address", "127.0.0.1:\(port)", "--log.level", "debug"],
            in: try TemporaryDirectory()
        )
        for scrapes in 2... {
            try await exporter.process.waitForLines(containing: "handler=metrics", count: scrapes)
            if try await prometheus.query(Self.ready) != nil { break }
        }
        for dashboard in try dashboards() {
            for query in dashboard.queries {
                let samples = try await prometheus.samples(of: query.expression)
                #expect(samples.filter { !$0.isFinite } == [], "\(query)")
                let mayBeEmpty = !Self.coming.union(Self.occasional).isDisjoint(with: names(in: query.expression))
                #expect(!samples.isEmpty || mayBeEmpty, "\(query)")
            }
        }
        for name in Self.coming {
            let count = try await prometheus.query(#"count({__name__=~"\#(name)(_count)?"}) > 0"#)
            // A histogram that nothing was observed in has series too.
            let observations = try await prometheus.query("sum(\(name)_count)")
            #expect(count == nil || observations == 0, "the demo has \(name): take it from the list")
        }
        #expect(await exporter.stop() == 0)
    }

    @Test(
        "every metric that dashboards and deployment ask for is in the catalog, or on the list of those that are coming"
    )
    func catalog() throws {
        let known = Self.coming.union(MetricCatalog.all.map(\.name))
        for folder in ["grafana/dashboards", "deploy"] {
            let folder = Dashboard.root.appending(path: folder)
            let files = try #require(FileManager.default.subpaths(atPath: folder.path))
            for file in files where [".json", ".yml", ".yaml"].contains(where: file.hasSuffix) {
                let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                for name in names(in: text) { #expect(known.contains(name), "\(file): \(name)") }
            }
        }
    }

    @Test("what is coming is asked for")
    func comingIsUsed() throws {
        let used = try dashboards().flatMap(\.queries).reduce(into: Set()) { $0.formUnion(names(in: $1.expression)) }
        #expect(Self.coming.subtracting(used) == [])
    }

    private func dashboards() throws -> [Dashboard] {
        try Dashboard.files().map { try JSONDecoder().decode(Dashboard.self, from: Data(contentsOf: $0)) }
    }

    /// The metrics of ours that a text names, histograms without the suffixes of their series.
    private func names(in text: String) -> Set<String> {
        let histograms = Set(MetricCatalog.all.filter { $0.type == .histogram }.map(\.name))
        let names = text.matches(of: /\b(ai_benchmark|process)_\w+/).map { String($0.output.0) }
        return Set(
            names.map { name in
                let base = name.replacing(/_(bucket|sum|count)$/, with: "")
                return histograms.contains(base) ? base : name
            }
        )
    }
}
