import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

@Suite("what the management API tells", .timeLimit(.minutes(2))) struct ManagementReadTests {
    private let directory: TemporaryDirectory
    private let service: ScriptedService

    init() async throws {
        directory = try TemporaryDirectory()
        service = try await ScriptedService.start(.always("ok"))
    }

    /// The kinds of store, with a real server where one is needed.
    private enum Store: CaseIterable {
        case none, sqlite, redis

        func start() async throws -> (url: String, server: RedisServer?) {
            switch self {
            case .none: return ("none", nil)
            case .sqlite: return ("sqlite:state.db", nil)
            case .redis:
                let server = try await RedisServer.start()
                return (server.url, server)
            }
        }
    }

    private func start(_ url: String, iterations: Int = 1, interval: String) async throws -> ManagedExporter {
        try await ManagedExporter.start(
            ServingTests.configuration(
                port: service.port,
                iterations: iterations,
                timeout: interval == "1h" ? "50s" : "90ms",
                interval: interval
            ),
            in: directory,
            arguments: ["--store.url", url, "--log.level", "debug"]
        )
    }

    /// All results, page by page.
    private func pages(_ managed: ManagedExporter, _ query: String) async throws -> [JSONValue] {
        var results: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = try await managed.read("results?\(query)\(cursor.map { "&cursor=\($0)" } ?? "")")
            results += page["results"].elements
            cursor = page["next"].text
        } while cursor != nil
        return results
    }

    @Test("pages have every run once, newest first, while runs are added", arguments: Store.allCases)
    private func pagination(store: Store) async throws {
        let (url, server) = try await store.start()
        let managed = try await start(url, interval: "100ms")
        await service.wait { $0.requests.count >= 15 }
        let before = try await managed.read("results?limit=1000")["results"].elements.compactMap { $0["id"].text }
        #expect(before.count >= 10)
        for query in ["limit=3", "limit=4&benchmark=health_check"] {
            let requests = service.record.requests.count
            let results = try await pages(managed, query)
            await service.wait { $0.requests.count > requests }
            let ids = results.compactMap { $0["id"].text }
            #expect(Set(ids).count == results.count)
            #expect(ids.suffix(before.count) == before[...])
            let times = results.compactMap { $0["completed_at"].text }
            #expect(times == times.sorted(by: >))
        }
        let fifth = try #require(
            try await managed.read("results?limit=5")["results"].elements.last?["completed_at"].text
        )
        let since = try await managed.read("results?limit=1000&since=\(fifth)")["results"].elements
        #expect(since.count >= 4)
        #expect(since.allSatisfy { $0["completed_at"].text ?? "" >= fifth })
        #expect(try await managed.read("results?since=2999-01-01T00:00:00Z")["results"].elements.isEmpty)
        #expect(try await managed.call("GET", "results?cursor=x").status == 400)
        #expect(await managed.exporter.stop() == 0)
        withExtendedLifetime(server) {}
    }

    @Test("one run is told once: who has seen it gets 304 until there is another")
    func tags() async throws {
        let managed = try await start("sqlite:state.db", interval: "1h")
        try await managed.exporter.process.waitForLine(containing: "grade changed")
        let id = try #require(try await managed.read("results")["results"].elements[0]["id"].text)
        for path in ["results", "results/\(id)", "status", "metrics", "regressions", "trends"] {
            let answer = try await managed.call("GET", path, as: managed.reader)
            #expect(answer.status == 200)
            let tag = try #require(answer.headers["etag"].first)
            let again = try await managed.call("GET", path, as: managed.reader, headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.text.isEmpty, "\(path)")
            let other = try await managed.call("GET", path, as: managed.reader, headers: ["If-None-Match": "\"0\""])
            #expect(other.status == 200)
        }
        #expect(try await managed.read("results/\(id)") == managed.read("results")["results"].elements[0])
        let unknown = try await managed.call("GET", "results/1-1")
        #expect(unknown.status == 404 && unknown.problem == "no run of the history has that name")
        #expect(await managed.exporter.stop() == 0)
    }

    @Test(
        "a restart loses no figure, counts none twice, and goes on",
        arguments: [Store.sqlite, .redis],
        [SIGTERM, SIGKILL]
    )
    private func figures(store: Store, signal: Int32) async throws {
        let (url, server) = try await store.start()
        var managed = try await start(url, iterations: 4, interval: "1h")
        try await managed.exporter.process.waitForLine(containing: "grade changed")
        #expect(try await managed.call("POST", "run?wait=true", #"{"iterations": 3, "record": true}"#).status == 200)
        #expect(try await counts(managed) == [7, 7, 7])
        let before = try await managed.read("metrics")["metrics"]
        managed.exporter.process.signal(signal)
        _ = await managed.exporter.process.waitForExit()

        managed = try await managed.restarted(
            in: directory,
            arguments: ["--store.url", url, "--log.level", "debug"]
        )
        try await managed.exporter.process.waitForLine(containing: "history is read")
        // The next slot of the schedule is in an hour, so all this was measured before.
        #expect(try await managed.read("metrics")["metrics"] == before)
        #expect(try await managed.call("POST", "run?wait=true", #"{"iterations": 2, "record": true}"#).status == 200)
        #expect(try await counts(managed) == [9, 9, 9])
        let metrics = try await managed.read("metrics")
        #expect(metrics["metrics"].elements[0]["windows"].elements[2]["grade"] == "pass")
        #expect(metrics["observed_since"].text ?? "" < metrics["computed_at"].text ?? "")
        #expect(await managed.exporter.stop() == 0)
        withExtendedLifetime(server) {}
    }

    private func counts(_ managed: ManagedExporter) async throws -> [Int] {
        try await managed.read("metrics")["metrics"].elements[0]["windows"].elements
            .compactMap { $0["count"].number.flatMap(Int.init(exactly:)) }
    }

    @Test("the status says what runs when, how it stands, and what is worse than before")
    func status() async throws {
        let managed = try await start("sqlite:state.db", interval: "1h")
        try await managed.exporter.process.waitForLine(containing: "grade changed")
        let status = try await managed.read("status")
        #expect(status["instance"] == "test")
        #expect(status["role"] == "read")
        #expect(try await managed.call("GET", "status").json["role"] == "admin")
        #expect(status["continuous"] == ["state": "running"])
        #expect(status["running"] == [])
        #expect(status["store"]["kind"] == "sqlite")
        #expect(status["store"]["up"] == true)
        let benchmark = status["benchmarks"].elements[0]
        #expect(benchmark["benchmark"] == "health_check")
        #expect(benchmark["category"] == "health_check")
        #expect(benchmark["interval_seconds"] == 3600)
        #expect(benchmark["grade"] == "pass")
        #expect(benchmark["degraded_operations"] == [])
        #expect(benchmark["next_run_at"].text != nil)
        #expect(benchmark["last_run"]["operations"].elements[0]["regression_state"] == "learning")
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("a run and an override of the schedule are told to who listens")
    func events() async throws {
        let managed = try await start("none", interval: "1h")
        let path = "\(ManagedExporter.base)/events"
        var headers = managed.reader
        headers.add(name: "Accept", value: "text/event-stream")
        let text = try await EndlessAnswer.read(
            path,
            port: managed.exporter.port,
            headers: headers,
            upTo: "event: continuous\ndata: {\"state\":\"stopped\"}\n\n"
        ) {
            _ = try await managed.call("POST", "run?wait=true", #"{"record": true}"#)
            _ = try await managed.call("POST", "continuous/stop")
        }
        #expect(text.lowercased().contains("content-type: text/event-stream\r\n"))
        #expect(text.contains("event: manual_run\ndata: {\"benchmarks\":[\"health_check\"],"))
        #expect(text.contains("event: run\ndata: {\"benchmark\":\"health_check\","))
        #expect(try await managed.exporter.request("GET", path).status == 401)
        #expect(await managed.exporter.stop() == 0)
    }
}
