import BenchmarkModel
import ExporterTestSupport
import Foundation
import NIOHTTP1
import Recording
import Testing

@Suite("serving", .timeLimit(.minutes(2))) struct ServingTests {
    @Test("a service is probed, and the metrics say just what it was asked")
    func spine() async throws {
        let service = try await ScriptedService.start(.always(#"{"status": "ok"}"#))
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(
                port: service.port,
                iterations: 4,
                warmup: 2,
                timeout: "900ms",
                interval: "1s"
            ),
            in: directory
        )
        await service.wait { $0.requests.count >= 12 }
        let metrics = try await exporter.scrape()
        let labels = ["benchmark": "health_check", "operation": "get", "target": "service"]
        let good = metrics.value(of: "ai_benchmark_iterations_total", labels: labels.merging(["result": "good"]) { $1 })
        let warmup = metrics.value(of: "ai_benchmark_warmup_iterations_total", labels: labels)
        #expect(try #require(good) >= 4)
        #expect(try #require(warmup) >= 2)
        let grade = metrics.value(of: "ai_benchmark_run_grade", labels: labels.merging(["grade": "pass"]) { $1 })
        #expect(grade == 1)
        #expect(metrics.value(of: "ai_benchmark_run_valid", labels: labels) != nil)
        #expect(try #require(metrics.value(of: "ai_benchmark_exporter_floor_seconds", labels: [:])) > 0)
        #expect(try #require(metrics.value(of: "ai_benchmark_exporter_event_loop_lag_seconds", labels: [:])) >= 0)
        #expect(await exporter.stop() == 0)
    }

    @Test("promtool finds nothing to say about the metrics, and every family is in the catalog")
    func promtool() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: service.port),
            in: directory
        )
        await service.wait { $0.requests.count >= 3 }
        let text = try await exporter.request("GET", "/metrics").text
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("metrics.txt")))
        let check = try ChildProcess(
            "promtool",
            debianPackage: "prometheus",
            arguments: ["check", "metrics"],
            standardInput: directory.file("metrics.txt")
        )
        let status = await check.waitForExit()
        #expect(status == 0, "\(check.lines.joined(separator: "\n"))")
        let names = Set(MetricCatalog.all.map(\.name))
        for family in try TextFormatParser.parse(text).families { #expect(names.contains(family.name)) }
        #expect(await exporter.stop() == 0)
    }

    @Test("the exporter knows its own process")
    func ownProcess() async throws {
        let directory = try TemporaryDirectory()
        let before = Date().timeIntervalSince1970
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: 1, interval: "1h"),
            in: directory
        )
        let metrics = try await exporter.scrape()
        func value(_ name: String) throws -> Double { try #require(metrics.value(of: name, labels: [:])) }
        // The clock of the kernel's start times is that of the boot time, which has whole seconds.
        #expect((before - 2...before + 60).contains(try value("process_start_time_seconds")))
        #expect((1e6...1e9).contains(try value("process_resident_memory_bytes")))
        #expect(try value("process_virtual_memory_bytes") > value("process_resident_memory_bytes"))
        #expect((0.001...60).contains(try value("process_cpu_seconds_total")))
        #expect((3...100).contains(try value("process_open_fds")))
        #expect(try value("process_max_fds") > value("process_open_fds"))
        #expect(await exporter.stop() == 0)
    }

    @Test("the metrics are compressed for whoever can read that")
    func compressed() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: service.port, interval: "1h"),
            in: directory
        )
        let answer = try await exporter.request("GET", "/metrics", headers: ["Accept-Encoding": "gzip"])
        #expect(answer.headers["content-encoding"] == ["gzip"])
        #expect(answer.headers["content-type"] == ["text/plain; version=0.0.4; charset=utf-8"])
        #expect(await exporter.stop() == 0)
    }

    @Test(
        "each path answers as a user of Prometheus expects",
        arguments: [
            ("GET", "/", 200), ("HEAD", "/metrics", 200), ("GET", "/-/healthy", 200), ("GET", "/-/ready", 200),
            ("GET", "/config", 200), ("GET", "/nothing", 404), ("POST", "/metrics", 405), ("GET", "/-/reload", 405),
            ("POST", "/-/reload", 200),
        ]
    )
    func paths(method: String, path: String, status: Int) async throws {
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: 1, interval: "1h"),
            in: directory
        )
        let answer = try await exporter.request(method, path)
        #expect(answer.status == status)
        if status == 405 { #expect(answer.headers["allow"].isEmpty == false) }
        if method == "HEAD" { #expect(answer.text.isEmpty) }
        #expect(await exporter.stop() == 0)
    }

    @Test("a reload keeps the state of what stays, adds what is new and drops what has gone")
    func reload() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let base = Self.configuration(port: service.port)
        let old = base + Self.benchmark("old", interval: "1h")
        let exporter = try await ExporterProcess.start(configuration: old, in: directory)
        await service.wait { $0.requests.count >= 6 }
        let before = try await exporter.scrape()

        let file = URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml"))
        try Data((base + Self.benchmark("new", interval: "1h")).utf8).write(to: file)
        exporter.process.signal(SIGHUP)
        try await exporter.process.waitForLine(containing: "configuration reloaded")
        let after = try await exporter.scrape()
        let name = "ai_benchmark_iterations_total"
        let kept = ["benchmark": "health_check", "operation": "get", "target": "service", "result": "good"]
        #expect(try #require(after.value(of: name, labels: kept)) >= (before.value(of: name, labels: kept) ?? 0))
        let benchmarks = Set(after.series(of: name).compactMap { $0.labels["benchmark"] })
        #expect(benchmarks == ["health_check", "new"])

        try Data("benchmarks: 7\n".utf8).write(to: file)
        let refused = try await exporter.request("POST", "/-/reload")
        #expect(refused.status == 500)
        #expect(refused.text.contains("ai-benchmark-exporter.yml:1:13: benchmarks:"))
        let kept2 = try await exporter.scrape()
        #expect(kept2.value(of: "ai_benchmark_exporter_config_last_reload_successful", labels: [:]) == 0)
        #expect(Set(kept2.series(of: name).compactMap { $0.labels["benchmark"] }) == ["health_check", "new"])
        #expect(await exporter.stop() == 0)
    }

    @Test("a service that fails is a counted failure, and the schedule goes on")
    func failingService() async throws {
        let service = try await ScriptedService.start(.always("broken", status: "500 Internal Server Error"))
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: service.port, iterations: 2, warmup: 0),
            in: directory
        )
        await service.wait { $0.requests.count >= 6 }
        let metrics = try await exporter.scrape()
        let labels = ["benchmark": "health_check", "operation": "get", "target": "service"]
        let failures = metrics.value(
            of: "ai_benchmark_failures_total",
            labels: labels.merging(["reason": "http_5xx"]) { $1 }
        )
        #expect(try #require(failures) >= 4)
        #expect(
            metrics.value(
                of: "ai_benchmark_run_adjusted_latency_seconds",
                labels: labels.merging(["statistic": "p95"]) { $1 }
            ) == .infinity
        )
        #expect(
            metrics.value(of: "ai_benchmark_run_latency_seconds", labels: labels.merging(["statistic": "p95"]) { $1 })
                == nil
        )
        #expect(await exporter.stop() == 0)
    }

    @Test("the trace id that a service was sent is in the log line of a failed run and on the status page")
    func tracing() async throws {
        let service = try await ScriptedService.start(.always("broken", status: "500 Internal Server Error"))
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: service.port, interval: "1h"),
            in: directory
        )
        let line = try await exporter.process.waitForLine(containing: "grade changed")
        let request = try #require(service.record.requests.first)
        let traceparent = request.head.headers["traceparent"].joined()
        let traceID = try #require(traceparent.split(separator: "-").dropFirst().first)
        #expect(line.contains("failure_trace=\(traceID)"))
        #expect(try await exporter.request("GET", "/").text.contains("trace \(traceID)"))
        #expect(await exporter.stop() == 0)
    }

    @Test("a run in progress is aborted by SIGTERM, and the exporter exits with 0")
    func shutdown() async throws {
        let service = try await ScriptedService.start([.awaitRequest])
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            configuration: Self.configuration(port: service.port, timeout: "1h", interval: "2h"),
            in: directory
        )
        await service.wait { $0.requests.count == 1 }
        #expect(await exporter.stop() == 0)
        #expect(service.record.requests.count == 1)
    }

    /// A configuration with one benchmark of a service on `port`, whose objective a busy machine can keep.
    static func configuration(
        port: Int,
        iterations: Int = 1,
        warmup: Int = 0,
        timeout: String = "90ms",
        interval: String = "100ms"
    ) -> String {
        """
        instance: test
        defaults: { timeout: \(timeout), iterations: \(iterations), warmup_iterations: \(warmup), start_jitter: 0s }
        targets:
          service: { http: { base_url: "http://127.0.0.1:\(port)" } }
        benchmarks:
          - name: health_check
            target: service
            interval: \(interval)
            objective: { target: \(timeout) }
            probe: { http: { path: /health } }

        """
    }

    private static func benchmark(_ name: String, interval: String) -> String {
        """
          - name: \(name)
            category: health_check
            target: service
            interval: \(interval)
            probe: { http: { path: /health } }

        """
    }
}
