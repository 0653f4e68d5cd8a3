import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import Testing

@testable import AIBenchmarkExporter
@testable import SnapshotStore

@Suite("run against baselines", .timeLimit(.minutes(2))) struct RunBaselineTests {
    enum Store: CaseIterable {
        case sqlite, redis
    }

    @Test("a service that is slower than what an exporter has learnt has regressed", arguments: Store.allCases)
    func slowedService(store: Store) async throws {
        let redis = store == .redis ? try await RedisServer.start() : nil
        try await RunningDemo.with { _, port in
            let directory = try TemporaryDirectory()
            let exporter = try await ExporterProcess.start(
                configuration: RunningDemo.learning(port: port, store: redis?.url ?? "sqlite:state.db"),
                in: directory
            )
            let early = try await run(["--output", "markdown", "--fail-on", "regression"], in: directory)
            #expect(early.status == 0, "\(early.output)")
            #expect(early.output.contains("no comparison with the baseline"), "\(early.output)")
            try await exporter.process.waitForLine(containing: "baseline learnt")

            let usual = try await run(["--output", "json", "--fail-on", "never"], in: directory)
            let report = try SuiteReport.read(in: usual.output)
            #expect(report.comparison == SuiteReport.Comparison(basis: .baseline, gap: nil))
            #expect(report.operations[0].change?.shift != nil)

            let slowed = try await LoopbackHTTP.request(
                "PUT",
                "/demo/behaviour",
                port: port,
                body: #"{"slow_by_ms": 120}"#
            )
            try #require((200..<300).contains(slowed.status))
            let worse = try await run(["--fail-on", "regression"], in: directory)
            #expect(worse.status == 1)
            #expect(worse.output.contains("1 of 1 operations have become worse"), "\(worse.output)")
            #expect(worse.output.contains("\nChange: against the baseline, "), "\(worse.output)")

            // What is asked at once by two workers is another benchmark than the one that was learnt.
            let other = try await run(["--fail-on", "regression", "--concurrency", "2"], in: directory)
            #expect(other.status == 0)
            #expect(
                other.output.contains("\nChange: no comparison with the baseline: learnt of another definition\n"),
                "\(other.output)"
            )

            // Nobody has noticed.
            let metrics = try await exporter.scrape()
            #expect(metrics.value(of: "ai_benchmark_exporter_store_fenced", labels: [:]) == 0)
            #expect(metrics.value(of: "ai_benchmark_exporter_store_up", labels: [:]) == 1)
            #expect(await exporter.stop() == 0)
        }
    }

    @Test("a store that is not there is a line, and no reason to fail")
    func unreachable() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let directory = try TemporaryDirectory()
        let configuration = RunningDemo.learning(port: service.port, store: "sqlite:none.db")
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let missing = try await run(["--fail-on", "regression"], in: directory)
        #expect(missing.status == 0, "\(missing.output)")
        #expect(
            missing.output.contains(": no exporter has stored anything yet in sqlite:\(directory.file("none.db"))\n"),
            "\(missing.output)"
        )
        #expect(!FileManager.default.fileExists(atPath: directory.file("none.db")))
        let none = try await run(["--fail-on", "regression", "--store.url", "none"], in: directory)
        #expect(none.status == 0)
        #expect(none.output.contains(": nothing is kept, as the configured store is none\n"), "\(none.output)")
        let down = try await run(
            ["--fail-on", "regression", "--store.url", "redis://127.0.0.1:\(try FreePort.find())"],
            in: directory
        )
        #expect(down.status == 0)
        #expect(down.output.contains("Change: no comparison with the baseline: read from redis://"), "\(down.output)")
        let hole = try BlackHole()
        let silent = try await run(
            ["--fail-on", "regression", "--store.url", "redis://127.0.0.1:\(hole.port)"],
            in: directory
        )
        #expect(silent.status == 0)
        #expect(silent.output.contains(": the store did not answer within 3 s\n"), "\(silent.output)")
    }

    // MARK: What is shown

    private static let level = BaselineLevel(
        values: (1...400).map { 0.1 + Double($0) / 10_000 },
        deviation: 1,
        runs: 40,
        successes: 400,
        failures: 0,
        startedAt: 0,
        completedAt: 1
    )

    /// A suite of one operation, whose iterations took so many milliseconds; a negative one failed.
    private static func report(milliseconds: [Int], against level: BaselineLevel) -> SuiteReport {
        let record = OperationRecord(
            identity: BenchmarkIdentity(benchmark: "b", operation: "o", target: "t"),
            objective: Objective(),
            warmupIterations: [],
            iterations: milliseconds.map { value in
                IterationOutcome(
                    duration: .milliseconds(abs(value)),
                    failure: value < 0 ? IterationFailure(.timeout, "timed out") : nil
                )
            },
            elapsed: .seconds(1)
        )
        var report = SuiteReport(of: [record])
        SuiteComparison(.baseline) { _ in .known(level) }.fill(&report)
        return report
    }

    @Test(
        "the verdict needs limits without 1 and an effect that matters",
        arguments: [
            (Array(repeating: 120, count: 10), "-0.1 %", false),
            (Array(repeating: 122, count: 1_000), "+1.6 %", false),
            (Array(repeating: 150, count: 30), "+24.9 % worse", true),
            (Array(repeating: 90, count: 30), "-25.1 % better", false),
            (Array(repeating: 150, count: 1), "+24.9 % (unsure)", false),
            (Array(repeating: 300, count: 1), "+149.8 % worse", true),
            ([], "–", false),
            (Array(repeating: 120, count: 10) + Array(repeating: -1, count: 10), "-0.1 % fails more", true),
            (Array(repeating: -1, count: 10), "fails more", true),
        ] as [([Int], String, Bool)]
    )
    func verdict(milliseconds: [Int], text: String, isRegression: Bool) throws {
        let report = Self.report(milliseconds: milliseconds, against: Self.level)
        #expect(SuiteText.change(report.operations[0].change) == text)
        #expect(report.hasRegressed == isRegression)
        #expect(try SuiteJSON.decode(SuiteJSON.encode(report)) == report)
    }

    @Test(
        "a share of failures that is certainly greater fails more, and so does a service without any success",
        arguments: [
            (10, 0, 10, true), (8, 0, 10, true), (7, 0, 10, false), (10, 9, 10, true), (1, 0, 1, true),
            (0, 3, 10, false),
            (0, 0, 0, false),
        ]
    )
    func failing(failures: Int, before: Int, iterations: Int, isRegression: Bool) {
        var level = Self.level
        (level.runs, level.successes, level.failures) = (1, 10 - before, before)
        let outcomes = (0..<iterations).map { $0 < failures ? -1 : 120 }
        #expect(Self.report(milliseconds: outcomes, against: level).hasRegressed == isRegression)
    }

    @Test("a suite that was ended early passes in no format, and as an earlier run it says so")
    func endedEarly() throws {
        var report = Self.report(milliseconds: Array(repeating: 120, count: 10), against: Self.level)
        report.isPartial = true
        #expect(SuiteMarkdown.text(of: report).hasPrefix("### AI benchmark: ended early\n"))
        #expect(SuiteJUnit.text(of: report, .fail).contains(#"<property name="ended_early" value="true"/>"#))
        let earlier = report
        report.isPartial = false
        #expect(SuiteMarkdown.text(of: report).hasPrefix("### AI benchmark: pass\n"))
        #expect(!SuiteJUnit.text(of: report, .fail).contains("ended_early"))
        SuiteComparison(earlier).fill(&report)
        #expect(
            SuiteText.comparison(report)
                == "Change: against the earlier run, which was ended early, between limits at 99.9 % as if iterations "
                + "were independent"
        )
    }

    @Test("runs that differ as a whole make one of them say less, however many iterations it has")
    func restless() {
        var level = Self.level
        level.deviation = 3
        #expect(!Self.report(milliseconds: Array(repeating: 132, count: 200), against: level).hasRegressed)
        #expect(Self.report(milliseconds: Array(repeating: 132, count: 200), against: Self.level).hasRegressed)
    }

    @Test("every format has the change, its limits and what it is against")
    func formats() {
        let report = Self.report(milliseconds: Array(repeating: 150, count: 30), against: Self.level)
        let table = SuiteTable(width: 200, hasColour: false).text(of: report)
        #expect(table.contains("+24.9 % worse  +17.8 to +33.0 %"), "\(table)")
        #expect(table.contains("\nChange: against the baseline, between limits that are certain at 99.9 %\n"))
        #expect(table.hasSuffix("\nResult: all objectives are kept, 1 of 1 operations have become worse\n"))
        #expect(SuiteTable(width: 60, hasColour: false).text(of: report).contains("+24.9 % worse"))
        var unknown = report
        unknown.operations[0].change = nil
        #expect(SuiteTable(width: 200, hasColour: false).text(of: unknown).contains("  –       "))
        #expect(!SuiteTable(width: 80, hasColour: false).text(of: unknown).contains("change"))
        #expect(SuiteMarkdown.text(of: report).contains("| +24.9 % worse | +17.8 to +33.0 % |"))
        let xml = SuiteJUnit.text(of: report, .fail)
        #expect(xml.contains(#"    <properties>"# + "\n" + #"      <property name="comparison" value="baseline"/>"#))
        #expect(xml.contains(#"        <property name="change" value="+24.9 % worse"/>"#))
        #expect(xml.contains(#"<failure message="regression: +24.9 % worse"></failure>"#))
    }

    @Test("what cannot be compared is told apart, with a few names of many")
    func gaps() {
        let records = (0..<7).map { number in
            OperationRecord(
                identity: BenchmarkIdentity(benchmark: "b", operation: "\(number)", target: "t"),
                objective: Objective(),
                warmupIterations: [],
                iterations: Array(repeating: IterationOutcome(duration: .milliseconds(100)), count: 10),
                elapsed: .seconds(1)
            )
        }
        var report = SuiteReport(of: records)
        SuiteComparison(.baseline) { operation in
            switch operation.identity.operation {
            case "0": .known(Self.level)
            case "1": .unknown("still being learnt")
            default: .unknown("never run by an exporter")
            }
        }.fill(&report)
        #expect(
            SuiteText.comparison(report)
                == "Change: against the baseline, between limits that are certain at 99.9 %; not known: "
                + "b/1 (still being learnt), b/2, b/3, b/4 and 2 more (never run by an exporter)"
        )
        SuiteComparison(.earlierRun) { _ in .unknown("the earlier run has none of it") }.fill(&report)
        #expect(report.comparison?.gap == "the earlier run has none of it")
    }

    @Test("a state that cannot be read, a benchmark that never ran and a baseline of another definition say so")
    func unknown() throws {
        let loader = ConfigurationLoader(environment: [:], hostName: "h", readFile: { _ in "" })
        let text = RunningDemo.learning(port: 1, store: "none")
        let benchmarks = try loader.load(text, file: "test").configuration.benchmarks
        let operation = try #require(benchmarks.first?.operations.first)
        var stored = StoredStates()
        #expect(gap(benchmarks, stored) == "never run by an exporter")
        stored.refused = [RefusedValue(subject: "health_check", reason: "hostile")]
        #expect(gap(benchmarks, stored) == "its stored state cannot be read")
        stored.refused = []
        var state = BenchmarkState(benchmark: "health_check", operations: [], epoch: 0)
        state.operations = [
            OperationState(
                identity: operation.identity,
                objective: Objective(),
                traits: OperationTraits(),
                createdAt: 0
            )
        ]
        stored.states["health_check"] = state
        #expect(gap(benchmarks, stored) == "never run by an exporter")
        stored.states["health_check"]?.operations[0].baseline = DailyBaseline(fingerprint: "other")
        #expect(gap(benchmarks, stored) == "learnt of another definition")
        var baseline = BaselineState(fingerprint: benchmarks[0].fingerprint(of: operation))
        stored.states["health_check"]?.operations[0].baseline = DailyBaseline(baseline)
        #expect(gap(benchmarks, stored) == "still being learnt")
        baseline.level = Self.level
        stored.states["health_check"]?.operations[0].baseline = DailyBaseline(baseline)
        #expect(gap(benchmarks, stored) == nil)
    }

    private func gap(_ benchmarks: [BenchmarkDefinition], _ stored: StoredStates) -> String? {
        let record = OperationRecord(
            identity: benchmarks[0].operations[0].identity,
            objective: Objective(),
            warmupIterations: [],
            iterations: Array(repeating: IterationOutcome(duration: .milliseconds(100)), count: 10),
            elapsed: .seconds(1)
        )
        var report = SuiteReport(of: [record])
        SuiteComparison(baselinesOf: benchmarks, in: stored).fill(&report)
        return report.comparison?.gap
    }

    // MARK: Support

    private func run(
        _ arguments: [String],
        in directory: TemporaryDirectory
    ) async throws -> (
        status: Int32, output: String
    ) {
        try await ExporterProcess.run(
            ["run", "health_check", "--iterations", "30"] + arguments,
            in: directory,
            environment: ["COLUMNS": "200"]
        )
    }
}
