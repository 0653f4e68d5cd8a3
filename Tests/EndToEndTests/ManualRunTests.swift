import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

@Suite("runs that somebody asks for", .timeLimit(.minutes(2))) struct ManualRunTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// An exporter of one benchmark, run once an hour, that has had its first run.
    private func start(_ service: ScriptedService) async throws -> ManagedExporter {
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, iterations: 2, timeout: "30s", interval: "1h"),
            in: directory
        )
        try await managed.exporter.process.waitForLine(containing: "grade changed")
        return managed
    }

    /// An exporter whose service never answers, so that runs go on until somebody ends them.
    private func startHanging() async throws -> (ManagedExporter, ScriptedService) {
        let service = try await ScriptedService.start([.awaitRequest])
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, iterations: 2, timeout: "30s", interval: "1h"),
            in: directory
        )
        await service.wait { $0.requests.count == 1 }
        return (managed, service)
    }

    /// What a run may change, added up.
    private struct Sums: Equatable {
        var iterations = 0.0
        var warmup = 0.0
        var durations = 0.0
        var completed = 0.0
        var lateness = 0.0
        var history = 0
        var baselineSamples = 0.0
        var nextRunAt = ""
        var interval: [Double] = []
        var figures = 0.0
    }

    private func sums(_ managed: ManagedExporter) async throws -> Sums {
        let metrics = try await managed.exporter.scrape()
        func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
            metrics.series(of: "ai_benchmark_\(name)").filter { $0.labels.merging(labels) { $1 } == $0.labels }
                .map(\.value).reduce(0, +)
        }
        return Sums(
            iterations: sum("iterations_total"),
            warmup: sum("warmup_iterations_total"),
            durations: sum("duration_seconds_count"),
            completed: sum("runs_total", ["outcome": "completed"]),
            lateness: sum("run_lateness_seconds_count"),
            history: try await managed.read("results")["results"].elements.count,
            baselineSamples: try await managed.read("regressions")["regressions"].elements[0]["baseline_samples"].number
                ?? -1,
            nextRunAt: try await managed.read("status")["benchmarks"].elements[0]["next_run_at"].text ?? "",
            interval: metrics.series(of: "ai_benchmark_interval_seconds").map(\.value),
            figures: try await managed.read("metrics")["metrics"].elements[0]["windows"].elements[0]["count"].number
                ?? -1
        )
    }

    @Test("with record counters, histograms and history grow by just the run; baseline and schedule stay as they were")
    func recorded() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let managed = try await start(service)
        let before = try await sums(managed)
        #expect(before.iterations == 2 && before.baselineSamples == 2 && !before.nextRunAt.isEmpty)
        let run = try await managed.call(
            "POST",
            "run?wait=true",
            #"{"benchmarks": ["health_check"], "iterations": 3, "warmup_iterations": 1, "record": true}"#
        )
        #expect(run.status == 200)
        var expected = before
        expected.iterations += 3
        expected.warmup += 1
        expected.durations += 3
        expected.completed += 1
        expected.history += 1
        expected.figures += 3
        #expect(try await sums(managed) == expected)
        let newest = try await managed.read("results?limit=1")["results"].elements[0]
        #expect(newest["operations"].elements[0]["samples"] == 3)
        #expect(newest["operations"].elements[0]["regression_state"] == "learning")
        #expect(service.record.requests.count == 2 + 4)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("without record nothing grows, and the answer has it all")
    func notRecorded() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let managed = try await start(service)
        let before = try await sums(managed)
        let run = try await managed.call("POST", "run?wait=true", #"{"iterations": 5, "concurrency": 2}"#).json
        #expect(run["state"] == "completed")
        #expect(run["record"] == false)
        #expect(run["cancelled_by"] == .null)
        #expect(run["results"].elements.compactMap { $0["outcome"].text } == ["completed"])
        #expect(run["results"].elements[0]["operations"].elements[0]["samples"] == 5)
        #expect(run["results"].elements[0]["id"] == .null)
        #expect(run["suite"]["meets_target"] == true)
        #expect(try await sums(managed) == before)
        #expect(service.record.requests.count == 2 + 5)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test(
        "who waits for a run is in the audit trail, with what he asked for, from when it begins, and again with its result"
    )
    func audited() async throws {
        let service = try await ScriptedService.start([.awaitRequest])
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, timeout: "30s", interval: "1h"),
            in: directory,
            arguments: ["--store.url", "none"]
        )
        func calls() async throws -> [String] {
            try await managed.call("GET", "/ai/performance/audit", as: managed.otherAdmin).json["calls"].elements.filter
            {
                $0["token"] == "admin"
            }.map { "\($0["status"].number ?? 0) \($0["parameters"].text ?? "")" }
        }
        async let waiting = managed.call("POST", "run?wait=true", #"{"iterations": 31}"#)
        try await managed.exporter.process.waitForLine(containing: "status=202")
        let id = try #require(try await managed.read("status")["manual_run"].text)
        let accepted = "202.0 run=\(id) benchmarks=health_check iterations=31 record=false wait=true"
        #expect(try await calls() == [accepted])
        #expect(try await managed.call("DELETE", "runs/\(id)").status == 200)
        #expect(try await waiting.status == 200)
        let ended = accepted.replacing("202.0", with: "200.0")
        #expect(try await Set(calls()) == [accepted, ended, "202.0 id=\(id)", "200.0 id=\(id)"])
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("runs of the schedule keep their distance, however many are asked for in between")
    func undisturbed() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: service.port, timeout: "900ms", interval: "1s"),
            in: directory
        )
        await service.wait { $0.requests.count >= 1 }
        for _ in 1...4 {
            let run = try await managed.call("POST", "run?wait=true", #"{"iterations": 7, "record": true}"#)
            #expect(run.status == 200)
        }
        await service.wait { $0.requests.count >= 4 * 7 + 4 }
        let results = try await managed.read("results")["results"].elements
        let starts = results.filter { $0["operations"].elements[0]["samples"] == 1 }
            .compactMap { $0["intended_at"].text.flatMap(Timestamp.init) }.map(\.seconds)
        #expect(starts.count >= 3)
        for (later, earlier) in zip(starts, starts.dropFirst()) {
            let seconds = later - earlier
            #expect(seconds > 0.9 && abs(seconds - seconds.rounded()) < 0.002)
        }
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("sixteen wait for a run, whoever comes after them is told at once that it goes on, and nobody is shut out")
    func waiting() async throws {
        let (managed, service) = try await startHanging()
        let key = ["Idempotency-Key": "k"]
        let started = try await managed.call("POST", "run", "{}", headers: key)
        let location = try #require(started.headers["location"].first)
        await service.wait { $0.requests.count == 2 }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<WaitingRoom.capacity + 4 {
                group.addTask { try await managed.call("POST", "run?wait=true", "{}", headers: key).status }
            }
            var statuses: [Int] = []
            for try await status in group {
                statuses.append(status)
                // All for whom there is no room: the others wait for this.
                if statuses.count == 4 {
                    #expect(try await managed.exporter.request("GET", "/-/healthy").status == 200)
                    #expect(try await managed.call("DELETE", location).status == 200)
                }
            }
            return statuses
        }
        #expect(statuses == Array(repeating: 202, count: 4) + Array(repeating: 200, count: WaitingRoom.capacity))
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("a key starts nothing twice, another body with it is refused, and another token has keys of its own")
    func idempotency() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let managed = try await start(service)
        func run(_ body: String, key: String, as client: HTTPHeaders? = nil) async throws -> LoopbackHTTP.Answer {
            try await managed.call("POST", "run?wait=true", body, as: client, headers: ["Idempotency-Key": key])
        }
        let first = try await run(#"{"iterations": 2}"#, key: "k1")
        let again = try await run(#"{ "iterations": 2 }"#, key: "k1")
        #expect(first.status == 200 && again.status == 200)
        #expect(again.text == first.text)
        #expect(service.record.requests.count == 4)
        let other = try await run(#"{"iterations": 3}"#, key: "k1")
        #expect(other.status == 422)
        #expect(other.problem == "the Idempotency-Key was used for another request before")
        let stranger = try await run(#"{"iterations": 2}"#, key: "k1", as: managed.otherAdmin)
        #expect(try stranger.json["id"] != first.json["id"])
        #expect(try await run(#"{"iterations": 2}"#, key: "k2").json["id"] != first.json["id"])
        #expect(service.record.requests.count == 8)
        #expect(try await run("{}", key: String(repeating: "k", count: 256)).status == 400)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("while one is going another is told where it is, and a cancellation ends it within a second")
    func cancelled() async throws {
        let (managed, service) = try await startHanging()
        let started = try await managed.call("POST", "run", "{}", headers: ["Idempotency-Key": "k"])
        #expect(started.status == 202)
        let location = try #require(started.headers["location"].first)
        await service.wait { $0.requests.count == 2 }
        let busy = try await managed.call("POST", "run")
        #expect(busy.status == 409)
        #expect(busy.headers["location"] == [location])
        let id = try #require(try started.json["id"].text)
        #expect(busy.problem == "the run \(id) is going: wait for it or cancel it")
        #expect(try await managed.call("POST", "run", "{}", headers: ["Idempotency-Key": "k"]).status == 202)
        #expect(try await managed.read("status")["manual_run"].text == id)
        #expect(try await managed.call("DELETE", location, as: managed.reader).status == 403)

        let begun = ContinuousClock.now
        let cancelled = try await managed.call("DELETE", location)
        #expect(begun.duration(to: .now) < .seconds(1))
        #expect(cancelled.status == 200)
        #expect(try cancelled.json["state"] == "cancelled")
        #expect(try cancelled.json["cancelled_by"] == "request")
        #expect(try cancelled.json["results"].elements.compactMap { $0["outcome"].text } == ["aborted"])
        #expect(try await managed.read(location) == cancelled.json)
        let again = try await managed.call("DELETE", location)
        #expect(again.status == 409 && again.problem == "the run has ended before")
        #expect(try await managed.read("status")["manual_run"] == .null)
        #expect(try await managed.call("POST", "run").status == 202)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("a reload that changes a benchmark cancels its run, and says so to whoever waits; no other reload does")
    func reloaded() async throws {
        let (managed, service) = try await startHanging()
        async let waiting = managed.call("POST", "run?wait=true", #"{"record": true}"#)
        await service.wait { $0.requests.count == 2 }
        #expect(try await managed.call("POST", "/-/reload").status == 200)
        let file = URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml"))
        let configuration = try String(contentsOf: file, encoding: .utf8)
        try Data("benchmarks: [".utf8).write(to: file)
        #expect(try await managed.call("POST", "/-/reload").status == 500)
        #expect(try await managed.read("status")["manual_run"] != .null)
        try Data(configuration.replacing("timeout: 30s", with: "timeout: 29s").utf8).write(to: file)
        #expect(try await managed.call("POST", "/-/reload").status == 200)
        let answer = try await waiting
        #expect(answer.status == 200)
        #expect(try answer.json["state"] == "cancelled")
        #expect(try answer.json["cancelled_by"] == "reload")
        // An iteration that was cancelled enters no counter.
        #expect(try await sums(managed).iterations == 0)
        #expect(await managed.exporter.stop() == 0)
    }

    @Test("names of runs that are none lead nowhere", arguments: ["x", "..%2F..%2Fconfig", "%00", "0", "-1"])
    func unknown(id: String) async throws {
        let managed = try await ManagedExporter.start(
            ServingTests.configuration(port: 1, timeout: "30s", interval: "1h"),
            in: directory
        )
        for method in ["GET", "DELETE"] {
            let answer = try await managed.call(method, "runs/\(id)")
            #expect(answer.status == 404)
            #expect(answer.problem != nil)
        }
        #expect(await managed.exporter.stop() == 0)
    }
}
