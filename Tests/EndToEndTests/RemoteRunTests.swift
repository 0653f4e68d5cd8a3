import BenchmarkModel
import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

@Suite("run --via", .timeLimit(.minutes(1))) struct RemoteRunTests {
    /// What `body` does beside an exporter that has finished its first run; `run` names it and a file with an admin token.
    private func withExporter(
        _ body: (ExporterProcess, _ run: [String], _ admin: HTTPHeaders, TemporaryDirectory) async throws -> Void
    ) async throws {
        let service = try await ScriptedService.start(.always(#"{"status": "ok"}"#))
        let directory = try TemporaryDirectory()
        let (exporter, admin, _) = try await ManagementAPITests.start(in: directory, port: service.port)
        _ = try await exporter.process.waitForLine(containing: "grade changed")
        let token = try #require(admin.first(name: "Authorization")?.split(separator: " ").last)
        try Data(token.utf8).write(to: URL(fileURLWithPath: directory.file("admin.token")))
        let run = ["run", "--via", "http://127.0.0.1:\(exporter.port)", "--token.file", "admin.token"]
        try await body(exporter, run, admin, directory)
        #expect(await exporter.stop() == 0)
    }

    @Test("the running exporter measures, beside its schedule, and what it measured is shown in every form")
    func remote() async throws {
        try await withExporter { exporter, run, _, directory in
            let before = try await exporter.scrape().series(of: "ai_benchmark_iterations_total").map(\.value)
            let json = try await ExporterProcess.run(run + ["--iterations", "5", "--output", "json"], in: directory)
            #expect(json.status == 0, "\(json.output)")
            let report = try SuiteReport.read(in: json.output)
            #expect(report.operations.map(\.samples) == [5])
            #expect(report.operations.first?.valuesSeconds.count == 5)
            #expect(report.operations.first?.slowest?.phases.isEmpty == false)
            #expect(!report.isPartial)
            #expect(try await exporter.scrape().series(of: "ai_benchmark_iterations_total").map(\.value) == before)
            let table = try await ExporterProcess.run(run + ["health_check"], in: directory)
            #expect(table.status == 0, "\(table.output)")
            #expect(table.output.contains("\nSuite: mean "))
        }
    }

    @Test("a report of 600,000 figures is fetched too")
    func large() async throws {
        let operation = SuiteReport.Operation(
            identity: BenchmarkIdentity(benchmark: "b", operation: "o", target: "t"),
            fingerprint: "0",
            objective: Objective(),
            samples: 600_000,
            successRatio: 1,
            grade: .pass,
            failures: [:],
            valuesSeconds: (1...600_000).map { Double($0) / 3_000_000 }
        )
        let report = SuiteReport(of: [operation], successes: [], target: .seconds(1), completedAt: 1, isPartial: false)
        let text = String(decoding: try SuiteJSON.encode(report, isCompact: true), as: UTF8.self)
        #expect(text.utf8.count > 8 * 1024 * 1024)
        let service = try await ScriptedService.start(.always(text))
        let exporter = try RunningExporter(url: "http://127.0.0.1:\(service.port)", tokenFile: nil)
        await #expect(throws: CommandFailure.self) { try await exporter.call("GET", "/", for: "run") }
        let answer = try await exporter.call("GET", "/", upTo: text.utf8.count, for: "run")
        #expect(try SuiteJSON.decode(answer) == report)
    }

    @Test("what the running exporter refuses is told, and a token is needed")
    func refusals() async throws {
        try await withExporter { exporter, run, _, directory in
            let unknown = try await ExporterProcess.run(run + ["other"], in: directory)
            #expect(unknown.status == 2)
            #expect(
                unknown.output.contains("answered 422: #/benchmarks/0: found \"other\", expected some of health_check")
            )
            let hostile = try await ScriptedService.start(
                .always("\u{1B}]0;mine\u{7}\r\nno", status: "500 Internal Server Error")
            )
            let url = "http://127.0.0.1:\(hostile.port)"
            let shown = try await ExporterProcess.run(["run", "--via", url], in: directory)
            #expect(shown.output == "run --via: \(url) answered 500:  ]0;mine   no")
            #expect(shown.status == 2)
            let nobody = "http://127.0.0.1:\(try FreePort.find())"
            let silent = try await ExporterProcess.run(["run", "--via", nobody, "--fail-on", "never"], in: directory)
            #expect(silent.status == 2, "\(silent.output)")
            let stranger = try await ExporterProcess.run(Array(run.prefix(3)), in: directory)
            #expect(stranger.status == 2)
            #expect(stranger.output.contains("answered 401: this takes a token with the role admin"))
            let both = try await ExporterProcess.run(run + ["--config.file", "other.yml"], in: directory)
            #expect(both.status == 2)
            #expect(both.output.contains("--via: the running exporter has its own configuration, name none"))
        }
    }

    @Test(
        "a signal cancels the run of the exporter, shows what is known so far, and has its own exit status",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)]
    )
    func interrupted(signal: Int32, status: Int32) async throws {
        try await withExporter { exporter, run, admin, directory in
            let process = try ChildProcess(
                ExporterProcess.binary,
                arguments: run + ["--iterations", "100000", "--output", "json"],
                environment: [:],
                directory: directory.path
            )
            _ = try await exporter.process.waitForLine(containing: "GET /ai/performance/benchmarks/runs/{id}")
            process.signal(signal)
            #expect(await process.waitForExit() == status)
            #expect(try SuiteReport.read(in: process.lines.joined(separator: "\n")).isPartial)
            let after = try await exporter.request("GET", "/ai/performance/benchmarks/status", headers: admin)
            #expect(after.status == 200)
            #expect(!after.text.contains("manual_run"))
        }
    }

    /// Begins a suite, and says nothing more.
    private static let scripts: [[ScriptedService.Step]] = [
        [
            .awaitRequest,
            .answer(
                #"{"id": "1", "state": "running", "benchmarks": ["a"], "results": []}"#,
                status: "202 Accepted"
            ),
        ],
        [],
    ]

    @Test("an exporter that hangs is given up after a signal, whether it has begun or not", arguments: [scripts, [[]]])
    func hanging(scripts: [[ScriptedService.Step]]) async throws {
        let service = try await ScriptedService.start(scripts[0], scripts[scripts.count - 1])
        let process = try Self.run(service, in: try TemporaryDirectory())
        await service.wait { $0.requests.count == scripts.count }
        process.signal(SIGINT)
        #expect(await process.waitForExit() == 130)
    }

    @Test("a second signal ends at once")
    func secondSignal() async throws {
        let service = try await ScriptedService.start(Self.scripts[0], Self.scripts[1])
        let process = try Self.run(service, in: try TemporaryDirectory())
        await service.wait { $0.requests.count == 2 }
        process.signal(SIGINT)
        await service.wait { $0.requests.count == 3 }
        process.signal(SIGTERM)
        #expect(await process.waitForExit() == 143)
        #expect(service.record.requests.map(\.head.method) == [.POST, .GET, .DELETE])
        #expect(process.lines.isEmpty)
    }

    private static func run(_ service: ScriptedService, in directory: TemporaryDirectory) throws -> ChildProcess {
        try ChildProcess(
            ExporterProcess.binary,
            arguments: ["run", "--via", "http://127.0.0.1:\(service.port)"],
            directory: directory.path
        )
    }
}
