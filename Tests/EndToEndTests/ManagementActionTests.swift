import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

@Suite("what the management API does", .timeLimit(.minutes(2))) struct ManagementActionTests {
    private let directory: TemporaryDirectory
    private let service: ScriptedService

    init() async throws {
        directory = try TemporaryDirectory()
        service = try await ScriptedService.start(.always("ok"))
    }

    @Test(
        "a cleanup removes runs and calls that are older than it says, and tells how many",
        arguments: ["none", "sqlite", "redis"]
    )
    func cleanup(store: String) async throws {
        let redis = store == "redis" ? try await RedisServer.start() : nil
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port),
            in: directory,
            arguments: ["--store.url", redis?.url ?? (store == "none" ? store : "sqlite:state.db")]
        )
        await service.wait { $0.requests.count >= 5 }
        let page = try await managed.read("results?limit=1000")["results"].elements
        let oldest = try #require(page.last?["id"].text)
        await service.wait { $0.requests.count >= 30 }
        let none = try await managed.call("POST", "cleanup", #"{"older_than": "1h"}"#)
        #expect(none.text == "{\"audit_entries_deleted\":0,\"runs_deleted\":0}\n")
        #expect(try await managed.call("GET", "results/\(oldest)").status == 200)

        let trimmed = try await managed.call("POST", "cleanup", #"{"older_than": "1s"}"#).json
        #expect(try #require(trimmed["runs_deleted"].number) >= Double(page.count))
        #expect(try await managed.call("GET", "results/\(oldest)").status == 404)
        #expect(try await managed.read("results")["results"].elements.isEmpty == false)
        let missing = try await managed.call("POST", "cleanup")
        #expect(missing.status == 422)
        #expect(missing.problem == "#/older_than: found nothing, expected the age of what is to go, such as 30d")
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("cached answers are primed anew; what cannot be primed is named")
    func invalidate() async throws {
        let redis = try await RedisServer.start()
        let configuration =
            ServingTests.configuration(port: service.port, timeout: "5s", interval: "1h").replacing(
                "targets:\n",
                with: "targets:\n  cache: { redis: { url: \"\(redis.url)\" } }\n"
            ) + """
                  - name: cached_response
                    target: cache
                    interval: 1h
                    probe:
                      redis: { prepare: [[SET, "answer:42", "forty-two"]], command: [GET, "answer:42"] }

                """
        let managed = try await ManagedExporter.start(configuration, in: directory)
        try await managed.exporter.process.waitForLines(containing: "grade changed", count: 2)
        try await redis.command("DEL", "answer:42")
        let primed = try await managed.call("POST", "cache/invalidate")
        #expect(primed.text == "{\"failures\":[],\"primed\":[\"cached_response\"]}\n")
        #expect(try await redis.command("GET", "answer:42") == ["forty-two"])
        await redis.process.kill()
        let failed = try await managed.call("POST", "cache/invalidate").json
        #expect(failed["primed"] == [])
        #expect(failed["failures"].elements.compactMap { $0["benchmark"].text } == ["cached_response"])
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("an override of the schedule holds for whom it names, over a restart, until there is another")
    func continuous() async throws {
        let second = """
              - name: second
                category: health_check
                target: service
                interval: 2h
                timeout: 900ms
                probe: { http: { path: /second } }

            """
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, timeout: "3s", interval: "1h") + second,
            in: directory
        )
        await service.wait { $0.requests.count >= 2 }
        #expect(try await intervals(managed) == ["health_check": 3_600, "second": 7_200])
        let unknown = try await managed.call("POST", "continuous/start", #"{"benchmarks": ["second", "third"]}"#)
        #expect(unknown.status == 422)
        let short = try await managed.call("POST", "continuous/start", #"{"interval": "1s"}"#)
        #expect(short.status == 422)
        #expect(short.problem == "#/interval: found \"1s\", expected more than 3.0 s, the timeout of health_check")
        let started = try await managed.call(
            "POST",
            "continuous/start",
            #"{"interval": "1s", "benchmarks": ["second"]}"#
        )
        #expect(started.text == "{\"benchmarks\":[\"second\"],\"interval_seconds\":1,\"state\":\"running\"}\n")
        #expect(try await intervals(managed) == ["second": 1])
        let first = service.record.requests.count { $0.head.uri == "/health" }
        await service.wait { $0.requests.count { $0.head.uri == "/second" } >= 4 }
        #expect(service.record.requests.count { $0.head.uri == "/health" } == first)
        await managed.exporter.process.kill()

        let restarted = try await managed.restarted(in: directory)
        #expect(try await intervals(restarted) == ["second": 1])
        #expect(
            try await restarted.read("status")["continuous"]
                == ["state": "running", "interval_seconds": 1, "benchmarks": ["second"]]
        )
        let seen = service.record.requests.count
        await service.wait { $0.requests.count >= seen + 2 }
        #expect(try await restarted.call("POST", "continuous/stop").text == "{\"state\":\"stopped\"}\n")
        #expect(try await intervals(restarted).isEmpty)
        #expect(try await restarted.read("status")["benchmarks"].elements.allSatisfy { $0["next_run_at"] == .null })
        // A run that somebody asks for still runs.
        #expect(try await restarted.call("POST", "run?wait=true", #"{"benchmarks": ["second"]}"#).status == 200)
        #expect(try await restarted.call("POST", "continuous/start").text == "{\"state\":\"running\"}\n")
        #expect(try await intervals(restarted) == ["health_check": 3_600, "second": 7_200])
        #expect(await restarted.exporter.stop() == 0)
    }

    private func intervals(_ managed: ManagedExporter) async throws -> [String: Double] {
        let series = try await managed.exporter.scrape().series(of: "ai_benchmark_interval_seconds")
        return Dictionary(series.map { ($0.labels["benchmark"] ?? "", $0.value) }) { first, _ in first }
    }

    @Test("whoever is refused is in the audit trail, with why, and without what nobody understood")
    func audit() async throws {
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, interval: "1h"),
            in: directory,
            arguments: ["--store.url", "none"],
            burst: 6
        )
        let base = ManagedExporter.base
        #expect(try await managed.exporter.request("POST", "\(base)/run").status == 401)
        #expect(try await managed.call("GET", "status", as: ["Authorization": "Bearer canary"]).status == 401)
        #expect(try await managed.call("POST", "run", as: managed.reader).status == 403)
        for path in ["/ai/performance/canary%0Aline", "/ai/performance", "/ai/performance/benchmarks/"] {
            let nothing = try await managed.call("POST", path, as: managed.reader)
            #expect(nothing.status == 404)
            #expect(nothing.problem == "there is nothing at this path")
            #expect(try await managed.exporter.request("GET", path).status == 401)
        }
        #expect(try await managed.call("GET", "runs/zzz", as: managed.reader).status == 404)
        #expect(try await managed.call("PUT", "status", as: managed.reader).status == 405)
        #expect(try await managed.call("POST", "run", #"{"canary": "canary", "benchmarks": ["nope"]}"#).status == 422)
        let probe = "/probe?canary=canary&benchmark=health_check"
        #expect(try await managed.call("GET", probe, as: managed.otherAdmin).status == 400)
        #expect(try await managed.call("GET", "status", as: managed.reader).status == 200)
        let limited = try await managed.call("GET", "status", as: managed.reader)
        #expect(limited.status == 429)
        #expect(limited.headers["retry-after"].isEmpty == false)

        let answer = try await managed.call("GET", "/ai/performance/audit?limit=100")
        let calls = try answer.json["calls"].elements
        func count(_ status: Int, _ token: String?, _ method: String, _ path: String) -> Int {
            calls.count {
                $0["status"].number == Double(status) && $0["token"].text == token && $0["method"].text == method
                    && $0["path"].text == path
            }
        }
        #expect(count(401, nil, "POST", "\(base)/run") == 1)
        #expect(count(401, nil, "GET", "\(base)/status") == 1)
        #expect(count(403, "reader", "POST", "\(base)/run") == 1)
        #expect(count(404, "reader", "POST", "/ai/performance") == 3)
        // The first one, and how many followed.
        #expect(count(401, nil, "GET", "/ai/performance") == 2)
        #expect(calls.contains { $0["parameters"].text?.hasPrefix("repeated=2 last_at=") == true })
        #expect(count(404, "reader", "GET", "\(base)/runs/{id}") == 1)
        #expect(count(405, "reader", "PUT", "\(base)/status") == 1)
        #expect(count(422, "admin", "POST", "\(base)/run") == 1)
        #expect(count(429, "reader", "GET", "\(base)/status") == 1)
        func parameters(_ status: Double) -> [String] {
            calls.filter { $0["status"].number == status && $0["token"] != .null }.compactMap { $0["parameters"].text }
        }
        #expect(parameters(404).filter { !$0.isEmpty } == ["id=zzz"])
        #expect(parameters(422) == ["benchmarks=nope"])
        #expect(parameters(400) == ["benchmark=health_check"])
        #expect(calls.allSatisfy { $0["address"] == "127.0.0.1" })
        #expect(!answer.text.contains("canary"))
        #expect(try await managed.call("GET", "/ai/performance/audit?cursor=x").status == 400)
        #expect(try await managed.call("GET", "/ai/performance/audit", as: managed.reader).status != 200)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test(
        "a benchmark of cached answers over HTTP is asked until it is cached; one that fails or may cost nothing is named"
    )
    func primedByAsking() async throws {
        let benchmark = """
              - name: cached_response
                target: service
                timeout: 5s
                interval: 1h
                probe: { http: { path: /cached, expect: { body_contains: ok } } }

            """
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, timeout: "5s", interval: "1h") + benchmark,
            in: directory
        )
        try await managed.exporter.process.waitForLines(containing: "grade changed", count: 2)
        let asked = service.record.requests.count { $0.head.uri == "/cached" }
        let primed = try await managed.call("POST", "cache/invalidate")
        #expect(primed.text == "{\"failures\":[],\"primed\":[\"cached_response\"]}\n")
        #expect(service.record.requests.count { $0.head.uri == "/cached" } == asked + 2)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("an override that a reload leaves without a benchmark is told in the log and in the status")
    func strangeOverride() async throws {
        let configuration = ServingTests.configuration(port: service.port, timeout: "1s", interval: "1h")
        let second = """
              - name: second
                category: health_check
                target: service
                interval: 2h
                probe: { http: { path: /second } }

            """
        let managed = try await ManagedExporter.start(configuration + second, in: directory)
        let started = try await managed.call(
            "POST",
            "continuous/start",
            #"{"interval": "4s", "benchmarks": ["second"]}"#
        )
        #expect(started.status == 200)
        let file = URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml"))
        let known = try String(contentsOf: file, encoding: .utf8)
        try Data(known.replacing("timeout: 1s", with: "timeout: 10s").utf8).write(to: file)
        #expect(try await managed.call("POST", "/-/reload").status == 200)
        try await managed.exporter.process.waitForLine(containing: #"interval_not_above_timeout="[\"second\"]""#)
        #expect(try await intervals(managed) == ["second": 7_200])
        try Data(known.replacing("name: second", with: "name: third").utf8).write(to: file)
        #expect(try await managed.call("POST", "/-/reload").status == 200)
        try await managed.exporter.process.waitForLine(containing: #"unknown="[\"second\"]""#)
        #expect(
            try await managed.read("status")["continuous"]
                == [
                    "state": "running", "interval_seconds": 4, "benchmarks": ["second"],
                    "unknown_benchmarks": ["second"],
                ]
        )
        #expect(await managed.exporter.stop() == 0)
    }
}
