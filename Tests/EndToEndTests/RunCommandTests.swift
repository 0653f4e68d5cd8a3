import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Foundation
import Testing

@testable import AIBenchmarkExporter

@Suite("run", .serialized, .timeLimit(.minutes(1))) struct RunCommandTests {
    /// What `body` does beside a simulated service at its URL.
    private func withService(_ body: (String, TemporaryDirectory) async throws -> Void) async throws {
        try await RunningDemo.with { _, port in try await body("http://127.0.0.1:\(port)", try TemporaryDirectory()) }
    }

    @Test("a category and a target are enough, and the table shows every operation with its grade")
    func table() async throws {
        try await withService { url, directory in
            let run = try await ExporterProcess.run(
                ["run", "--target", url, "--category", "memory_operations", "--fail-on", "never"],
                in: directory
            )
            #expect(run.status == 0, "\(run.output)")
            for operation in ["create", "search", "update", "verify", "delete", "gone"] {
                #expect(run.output.contains("memory_operations/\(operation) "))
            }
            #expect(run.output.contains("\nSuite: mean "))
            #expect(!run.output.contains("\u{1B}"))
        }
    }

    @Test("a service that is slower than in an earlier run has regressed; one that is the same has not")
    func comparison() async throws {
        try await withService { url, directory in
            let measure = ["run", "--target", url, "--category", "context_loading", "--iterations", "20"]
            let before = try await ExporterProcess.run(measure + ["--output", "json"], in: directory)
            let start = try #require(before.output.firstIndex(of: "{"))
            let end = try #require(before.output.lastIndex(of: "}"))
            try Data(before.output[start...end].utf8).write(to: URL(fileURLWithPath: directory.file("before.json")))
            let compare = measure + ["--compare", "before.json", "--fail-on", "regression"]
            let same = try await ExporterProcess.run(compare, in: directory)
            #expect(same.status == 0, "\(same.output)")
            let loaded = try await ExporterProcess.run(compare + ["--concurrency", "2"], in: directory)
            #expect(loaded.status == 2)
            let reason =
                "the earlier run asked something else, or under another load: repeat it with the definition of now"
            #expect(loaded.output.contains("run: nothing could be compared with before.json: \(reason)"))
            #expect(loaded.output.contains("\nChange: no comparison with the earlier run: \(reason)\n"))

            let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
            let slow = try await LoopbackHTTP.request(
                "PUT",
                "/demo/behaviour",
                port: port,
                body: #"{"slow_by_ms": 100}"#
            )
            try #require((200...299).contains(slow.status))
            let worse = try await ExporterProcess.run(compare + ["--output", "markdown"], in: directory)
            #expect(worse.status == 1)
            #expect(worse.output.contains("### AI benchmark: regression"))
            #expect(worse.output.contains(" worse |"), "\(worse.output)")
        }
    }

    @Test(
        "a signal shows what is known so far, and has its own exit status",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)]
    )
    func interrupted(signal: Int32, status: Int32) async throws {
        try await withService { url, directory in
            let configuration = """
                targets: { assistant: { http: { base_url: "\(url)" } } }
                benchmarks:
                  - { name: context_loading, target: assistant, iterations: 1, warmup_iterations: 0 }
                  - { name: agent_routing, target: assistant, iterations: 100000 }
                """
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("two.yml")))
            let process = try ChildProcess(
                ExporterProcess.binary,
                arguments: ["run", "--config.file", "two.yml", "--output", "json"],
                environment: [:],
                directory: directory.path
            )
            _ = try await process.waitForLine(containing: "context_loading/load: p95")
            process.signal(signal)
            #expect(await process.waitForExit() == status)
            #expect(process.lines.contains { $0.contains(#""partial" : true"#) })
        }
    }

    @Test("a signal while the store is read ends the command too")
    func interruptedWhileReading() async throws {
        let store = try await ScriptedService.start([])
        try await withService { url, directory in
            let configuration = """
                store: { url: "redis://127.0.0.1:\(store.port)" }
                targets: { assistant: { http: { base_url: "\(url)" } } }
                benchmarks: [ { name: health_check, target: assistant, iterations: 1, warmup_iterations: 0 } ]
                """
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("one.yml")))
            let process = try ChildProcess(
                ExporterProcess.binary,
                arguments: ["run", "--config.file", "one.yml", "--fail-on", "never"],
                directory: directory.path
            )
            await store.wait { $0.connections == 1 }
            process.signal(SIGINT)
            #expect(await process.waitForExit() == 130)
            _ = try? await process.waitForLine(containing: "\u{0}")
            let said = "Change: no comparison with the baseline: interrupted before the store had answered"
            #expect(process.lines.contains(said), "\(process.lines)")
            #expect(!process.lines.contains { $0.hasPrefix("Ended early") })
        }
    }

    @Test("a signal during the warm-up has measured nothing, and nothing has failed")
    func interruptedEarly() async throws {
        let service = try await ScriptedService.start([])
        let directory = try TemporaryDirectory()
        let url = "http://127.0.0.1:\(service.port)"
        let process = try ChildProcess(
            ExporterProcess.binary,
            arguments: ["run", "--target", url, "--category", "health_check"],
            directory: directory.path
        )
        await service.wait { !$0.requests.isEmpty }
        process.signal(SIGINT)
        #expect(await process.waitForExit() == 130)
        _ = try? await process.waitForLine(containing: "\u{0}")
        #expect(process.lines.contains("Result: nothing was measured"), "\(process.lines)")
        #expect(process.lines.contains { $0.hasPrefix("health_check/") && $0.contains("not measured") })
    }

    @Test(
        "wrong arguments exit with 2 and one clear sentence",
        arguments: [
            (["--target", "http://127.0.0.1:1"], "--target and --category go together"),
            (["--iterations", "0"], "--iterations: 0 is not a number from 1 to 100000"),
            (
                ["--target", "http://127.0.0.1:1", "--category", "health_check", "other"],
                "run: there is no benchmark 'other'; there are 'health_check'"
            ),
            (
                ["--target", "http://127.0.0.1:1", "--category", "health_check", "--compare", "none.json"],
                "read --compare none.json: No such file or directory"
            ),
            (["--via", "host"], "--via: found a URL without a scheme, expected http://"),
        ]
    )
    func wrongArguments(arguments: [String], message: String) async throws {
        let run = try await ExporterProcess.run(["run"] + arguments, in: try TemporaryDirectory())
        #expect(run.status == 2)
        #expect(run.output.contains(message), "\(run.output)")
    }

    @Test(
        "a wrong target is told as such, and nothing of the configuration that it stands for",
        arguments: [
            (
                "127.0.0.1:1", "health_check",
                "--target: found a text that is not a URL, expected http://HOST[:PORT][/PATH], https://HOST[:PORT][/PATH], "
                    + "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or the same with rediss://"
            ),
            (
                "redish://host", "health_check",
                "--target: found the scheme \"redish\", expected http://HOST[:PORT][/PATH], https://HOST[:PORT][/PATH], "
                    + "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or the same with rediss://"
            ),
            (
                "http://host:0", "health_check",
                "--target: found a URL with a port that is not in 1...65535, expected http://HOST[:PORT][/PATH] or "
                    + "https://HOST[:PORT][/PATH]"
            ),
            (
                "redis://host", "model_response",
                "--target, --category: found nothing, for a target of the kind redis, expected a probe, as by itself "
                    + "model_response asks only targets of the kinds http"
            ),
        ]
    )
    func wrongTarget(url: String, category: String, message: String) async throws {
        let arguments = ["run", "--target", url, "--category", category]
        let run = try await ExporterProcess.run(arguments, in: try TemporaryDirectory())
        #expect(run.status == 2)
        #expect(run.output == message)
    }

    @Test("a spent budget is a suite that ended early, says so, and is not taken for a missed objective")
    func spentBudget() async throws {
        try await withService { url, directory in
            let configuration = """
                store: { url: none }
                targets: { assistant: { http: { base_url: "\(url)" } } }
                benchmarks: [ { name: model_response, target: assistant, iterations: 5, objective: { target: 10s } } ]
                budgets: { assistant: { tokens_per_hour: 1 } }
                """
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("spent.yml")))
            let run = ["run", "--config.file", "spent.yml"]
            let table = try await ExporterProcess.run(run, in: directory)
            #expect(table.status == 2)
            #expect(table.output.contains("\nResult: nothing was measured\nEnded early"), "\(table.output)")
            let reason = "as the token budget of assistant is spent"
            #expect(table.output.contains("\nmodel_response: ended, \(reason)\n"), "\(table.output)")
            #expect(table.output.contains("run: not all was measured: model_response, \(reason)"), "\(table.output)")
            let json = try await ExporterProcess.run(run + ["--output", "json", "--fail-on", "never"], in: directory)
            #expect(json.status == 0)
            let report = try SuiteReport.read(in: json.output)
            #expect(report.isPartial)
            #expect(report.operations.first?.successRatio == nil)
        }
    }

    @Test("what a service answered becomes neither markup nor broken XML")
    func hostileTexts() throws {
        let failure = IterationFailure(.validation, "</failure> | <img src=x>\n\u{1}`@everyone`")
        let record = OperationRecord(
            identity: BenchmarkIdentity(benchmark: "b<&\"", operation: "o|", target: "t"),
            objective: Objective(),
            warmupIterations: [],
            iterations: [IterationOutcome(duration: .seconds(1), failure: failure)],
            elapsed: .seconds(1)
        )
        let report = SuiteReport(of: [record])
        let xml = SuiteJUnit.text(of: report, .fail)
        #expect(xml.contains("&lt;/failure&gt; | &lt;img src=x&gt;  `@everyone`</failure>"))
        #expect(xml.contains(#"classname="b&lt;&amp;&quot;""#))
        let markdown = SuiteMarkdown.text(of: report)
        #expect(markdown.contains(#"&lt;img src=x&gt;"#))
        #expect(markdown.contains(#"\`\@everyone\`"#))
        let table = SuiteTable(width: 200, hasColour: false).text(of: report)
        #expect(table.contains("last: </failure> | <img src=x>  `@everyone`\n"), "\(table)")
        #expect(try SuiteJSON.decode(SuiteJSON.encode(report)) == report)
    }

    @Test("a suite says what its slowest success took, in the metric of the objective")
    func slowest() {
        var report = SuiteReport(of: [])
        func text(_ metric: ObjectiveMetric) -> String? {
            report.operations = [
                SuiteReport.Operation(
                    identity: BenchmarkIdentity(benchmark: "b", operation: "o", target: "t"),
                    fingerprint: "0",
                    objective: Objective(metric: metric),
                    samples: 1,
                    successRatio: 1,
                    judgedSeconds: 0.159,
                    grade: .pass,
                    failures: [:],
                    valuesSeconds: [0.159],
                    slowest: SuiteReport.Slowest(seconds: 0.159, phases: [.transfer: 0.208], traceID: nil)
                )
            ]
            return SuiteText.slowest(report)
        }
        let beginning = "Slowest: b/o, p95 159 ms; its slowest success"
        #expect(text(.duration) == "\(beginning) took 159 ms: transfer 208 ms")
        #expect(
            text(.timeToFirstToken)
                == "\(beginning) reached its first token after 159 ms; phases of the whole answer: transfer 208 ms"
        )
        #expect(
            text(.response)
                == "\(beginning) ended 159 ms after its intended start; phases from the start: transfer 208 ms"
        )
    }

    @Test("progress is drawn ten times a second and at the end, of measured iterations and the objective's metric")
    func progress() throws {
        let loader = ConfigurationLoader(environment: [:], hostName: "h", readFile: { _ in "" })
        let loaded = try loader.load(RunningDemo.learning(port: 1, store: "none"), file: "test")
        var benchmark = try #require(loaded.configuration.benchmarks.first)
        benchmark.iterations = 4
        benchmark.operations[0].objective.metric = .timeToFirstToken
        let start = ContinuousClock.now
        var line = BenchmarkProgressLine(of: benchmark)
        func drawn(_ milliseconds: Int) -> String? {
            var iteration = IterationOutcome(duration: .seconds(1))
            iteration.languageModel = LanguageModelMeasurement(timeToFirstToken: .milliseconds(milliseconds))
            return line.note(iteration, at: start + .milliseconds(milliseconds))
        }
        #expect(drawn(10) == "1/4  3 s left  P95 10.0 ms")
        #expect(drawn(109) == nil)
        #expect(drawn(111) == "3/4  1 s left  P95 111 ms")
        #expect(drawn(112) == "4/4  0 s left  P95 112 ms")
    }

    @Test("columns give way on a narrow terminal, the grade never")
    func width() {
        let iterations = (1...20).map { IterationOutcome(duration: .milliseconds($0)) }
        let record = OperationRecord(
            identity: BenchmarkIdentity(benchmark: "b", operation: "o", target: "t"),
            objective: Objective(),
            warmupIterations: [],
            iterations: iterations,
            elapsed: .seconds(1)
        )
        let report = SuiteReport(of: [record])
        let narrow = SuiteTable(width: 30, hasColour: false).text(of: report).split(separator: "\n")
        #expect(narrow[0] == "operation      P95  grade")
        #expect(narrow[1] == "b/o        19.0 ms  pass")
        for line in narrow { #expect(String(line).displayWidth <= 30) }
        let wide = SuiteTable(width: 200, hasColour: false).text(of: report)
        #expect(wide.contains("distribution"))
        #expect(wide.contains("p95 ≤ 300 ms"))
    }
}
