import ExporterTestSupport
import NIOHTTP1
import Testing

@Suite("/probe", .timeLimit(.minutes(2))) struct ProbeEndpointTests {
    private let directory: TemporaryDirectory
    private let path = "/probe?benchmark=health_check"
    private let labels = ["benchmark": "health_check", "operation": "get", "target": "service"]

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func start(_ service: ScriptedService) async throws -> ManagedExporter {
        try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, iterations: 3, timeout: "30s", interval: "1h"),
            in: directory
        )
    }

    @Test("answers with the metrics of one run, and of nothing else; the exporter's own stay as they were")
    func metrics() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let managed = try await start(service)
        try await managed.exporter.process.waitForLine(containing: "grade changed")
        let answer = try await managed.call("GET", path)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == ["text/plain; version=0.0.4; charset=utf-8"])
        let metrics = try TextFormatParser.parse(answer.text)
        let good = labels.merging(["result": "good"]) { $1 }
        #expect(metrics.value(of: "ai_benchmark_iterations_total", labels: good) == 3)
        #expect(metrics.value(of: "ai_benchmark_duration_seconds_count", labels: labels) == 3)
        #expect(metrics.value(of: "ai_benchmark_run_grade", labels: labels.merging(["grade": "pass"]) { $1 }) == 1)
        #expect(metrics.series(of: "ai_benchmark_interval_seconds").isEmpty)
        #expect(metrics.families.map(\.name).filter { $0.contains("process_") || $0.contains("exporter") } == [])
        // A second one begins at zero.
        let again = try TextFormatParser.parse(try await managed.call("GET", path).text)
        #expect(again.value(of: "ai_benchmark_iterations_total", labels: good) == 3)
        #expect(try await managed.exporter.scrape().value(of: "ai_benchmark_iterations_total", labels: good) == 3)
        #expect(try await managed.read("results")["results"].elements.count == 1)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("a run that would outlast the scrape is aborted before that; while it goes on, another is refused")
    func timeout() async throws {
        let service = try await ScriptedService.start([.awaitRequest])
        let managed = try await start(service)
        await service.wait { $0.requests.count == 1 }
        let begun = ContinuousClock.now
        async let probed = managed.call("GET", path, headers: ["X-Prometheus-Scrape-Timeout-Seconds": "3"])
        await service.wait { $0.requests.count == 2 }
        let refused = try await managed.call("GET", path)
        #expect(refused.status == 409)
        #expect(refused.problem == "a probe of this benchmark is going")
        let metrics = try TextFormatParser.parse(try await probed.text)
        // Three iterations of 30 s each were meant.
        #expect((.seconds(2.4)...Duration.seconds(20)).contains(begun.duration(to: .now)))
        let aborted = labels.filter { $0.key == "benchmark" }.merging(["outcome": "aborted"]) { $1 }
        #expect(
            metrics.series(of: "ai_benchmark_runs_total")
                .filter { $0.labels.merging(aborted) { $1 } == $0.labels }.map(\.value) == [1]
        )
        #expect(metrics.series(of: "ai_benchmark_iterations_total").allSatisfy { $0.value == 0 })
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("takes the token of an admin, the name of a benchmark, and a timeout that is one")
    func refusals() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let managed = try await start(service)
        #expect(try await managed.exporter.request("GET", path).status == 401)
        #expect(try await managed.call("GET", path, as: managed.reader).status == 403)
        #expect(try await managed.call("POST", path).status == 405)
        for (query, status, detail) in [
            ("", 400, "the query parameter benchmark is missing"),
            ("?benchmark=other", 404, "no benchmark of the configuration has that name"),
            (
                "?benchmark=health_check&benchmark=health_check", 400,
                "the query parameter benchmark: found it twice, expected it once"
            ),
            ("?module=http_2xx", 400, #"the query: found the parameter "module", expected benchmark"#),
        ] {
            let answer = try await managed.call("GET", "/probe\(query)")
            #expect(answer.status == status)
            #expect(answer.problem == detail)
        }
        for timeout in ["0", "-1", "nan", "inf", "1e9", "1s", ""] {
            let answer = try await managed.call("GET", path, headers: ["X-Prometheus-Scrape-Timeout-Seconds": timeout])
            #expect(answer.status == 400, "\(timeout)")
        }
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("whatever a caller names, the exporter connects to nothing but configured targets")
    func forgery() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let trap = try await ScriptedService.start(.always("caught"))
        let managed = try await start(service)
        let url = "http://127.0.0.1:\(trap.port)/"
        let encoded = "http%3A%2F%2F127.0.0.1%3A\(trap.port)%2F"
        for name in [url, encoded, "//127.0.0.1:\(trap.port)/", "127.0.0.1:\(trap.port)", "@127.0.0.1:\(trap.port)"] {
            for query in [
                "/probe?benchmark=\(name)", "/probe?benchmark=health_check&target=\(name)",
                "/probe?target=\(name)&module=http_2xx", "/probe?benchmark=health_check%26target=\(name)",
                "results?benchmark=\(name)", "results?cursor=\(name)",
            ] {
                #expect((400...404).contains(try await managed.call("GET", query).status), "\(query)")
            }
        }
        for (path, body) in [
            ("run", #"{"benchmarks": ["\#(url)"]}"#), ("run", #"{"url": "\#(url)"}"#),
            ("run", #"{"benchmarks": ["health_check"], "target": "\#(url)"}"#),
            ("run", #"{"benchmarks": [{"name": "health_check", "base_url": "\#(url)"}]}"#),
            ("continuous/start", #"{"benchmarks": ["\#(url)"]}"#), ("continuous/start", #"{"interval": "\#(url)"}"#),
            ("baseline", #"{"benchmarks": ["\#(url)"]}"#), ("cleanup", #"{"older_than": "\#(url)"}"#),
            ("cache/invalidate", #"{"url": "\#(url)"}"#),
        ] {
            #expect(try await managed.call("POST", path, body).status == 422, "\(body)")
        }
        let forged = [
            "X-Forwarded-Host": "127.0.0.1:\(trap.port)", "Forwarded": "host=127.0.0.1:\(trap.port)", "Referer": url,
            "X-Original-URL": url, "Origin": url,
        ]
        #expect(try await managed.call("GET", path, headers: forged).status == 200)
        #expect(trap.record.connections == 0)
        // The trap would have seen it.
        #expect(try await LoopbackHTTP.request("GET", "/", port: trap.port).text == "caught")
        #expect(trap.record.connections == 1)
        #expect(await managed.exporter.stop() == 0)
    }
}
