import BenchmarkModel
import ExporterTestSupport
import Foundation
import Testing

@Suite("commands", .timeLimit(.minutes(1))) struct CommandTests {
    @Test(
        "wrong configurations and arguments exit with 2 and one clear message",
        arguments: [
            (["check", "--config.file", "none.yml"], "read configuration none.yml: no such file"),
            (["serve", "--config.file", "none.yml"], "read configuration none.yml: no such file"),
            (
                ["serve"],
                "no configuration file at ai-benchmark-exporter.yml or /etc/ai-benchmark-exporter/ai-benchmark-exporter.yml"
            ),
            (["serve", "--log.format", "xml"], "--log.format"),
            (["rules", "--config.file", "none.yml"], "read configuration none.yml: no such file"),
            (
                ["rules", "--scrape.interval", "soon"],
                "--scrape.interval: 'soon' is not a duration such as 15s\nUsage: ai-benchmark-exporter rules "
            ),
            (
                ["history", "a", "--since", "soon"],
                "--since: 'soon' is not a duration such as 24h\nUsage: ai-benchmark-exporter history "
            ),
            (["history", "a", "--runs", "-1"], "--runs: -1 is negative"),
            (
                ["baseline", "accept", "a", "--via", "http://localhost:1", "--config.file", "none.yml"],
                "--via: the running exporter has its own configuration, name none"
            ),
            (
                ["baseline", "reset", "--all", "--via", "http://localhost:1", "--store.url", "none"],
                "--via: the running exporter has its own configuration, name none"
            ),
            (["nonsense"], "nonsense"),
            (["demo", "--store.url", "mysql://here"], "--store.url"),
            (["demo", "--web.listen-address", "here"], "--web.listen-address"),
            (["demo", "--web.telemetry-path", "/config"], "--web.telemetry-path"),
            (
                ["serve", "--web.telemetry-path", "/m?x"],
                "--web.telemetry-path: '/m?x' is not a path of its own that starts with '/' and has only letters, digits and"
            ),
            (["demo", "--demo.listen-port", "65536"], "--demo.listen-port"),
        ]
    )
    func badUsage(arguments: [String], message: String) async throws {
        let result = try await ExporterProcess.run(arguments, in: try TemporaryDirectory())
        #expect(result.status == 2)
        #expect(result.output.contains(message), "\(result.output)")
    }

    @Test(
        "a result that cannot be written is said, and is no success",
        arguments: [
            ["--help"], ["init"], ["token"], ["check"], ["rules"], ["serve", "--config.check"],
            ["run", "--target", "http://127.0.0.1:PORT", "--category", "health_check", "--fail-on", "never"],
        ]
    )
    func fullDisk(arguments: [String]) async throws {
        let directory = try TemporaryDirectory()
        let template = try await ExporterProcess.run(["init"], in: directory)
        try Data(template.output.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let port = try FreePort.find()
        let result = try await ExporterProcess.run(
            arguments.map { $0.replacing("PORT", with: "\(port)") },
            in: directory,
            shell: "exec \"$0\" \"$@\" >/dev/full"
        )
        // Of `run`, 1 is what was measured and found wanting.
        #expect(result.status == (arguments[0] == "run" ? 2 : 1))
        let said = "ai-benchmark-exporter: write standard output: No space left on device"
        #expect(result.output.hasSuffix(said), "\(result.output)")
    }

    @Test("a reader that has gone away is no reason to fail")
    func closedPipe() async throws {
        let result = try await ExporterProcess.run(
            ["init"],
            in: try TemporaryDirectory(),
            // A pipe whose only reader was this shell; the signal that comes with the error is ignored, as by most parents.
            shell: "trap '' PIPE; mkfifo pipe; exec 3<>pipe; exec 4>pipe; exec 3<&-; exec \"$0\" \"$@\" >&4"
        )
        #expect(result.status == 0)
        #expect(result.output == "")
    }

    @Test("a port that is taken is one sentence and exit status 1")
    func portTaken() async throws {
        let service = try await ScriptedService.start(.always("ok"))
        let result = try await ExporterProcess.run(
            ["demo", "--web.listen-address", "127.0.0.1:\(service.port)"],
            in: try TemporaryDirectory()
        )
        #expect(result.status == 1)
        #expect(
            result.output == "ai-benchmark-exporter: listen on 127.0.0.1:\(service.port): address already in use"
        )
    }

    @Test("every problem of a configuration is named, each with its line and column")
    func check() async throws {
        let directory = try TemporaryDirectory()
        let text = """
            targets: { a: { http: { base_url: "ftp://x" } } }
            benchmarks:
              - { name: health_check, target: b, probe: { http: {} } }
            nonsense: 1

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("bad.yml")))
        let result = try await ExporterProcess.run(["check", "--config.file", "bad.yml"], in: directory)
        #expect(result.status == 2)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.hasPrefix("bad.yml:") })
    }

    @Test(
        "the help of every command has an example, and fills its lines",
        arguments: [
            "", "serve", "demo", "check", "init", "run", "rules", "token", "healthcheck", "history", "baseline",
            "baseline show", "baseline accept", "baseline reset",
        ]
    )
    func help(command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try await ExporterProcess.run(["help"] + words, in: try TemporaryDirectory())
        #expect(help.status == 0)
        #expect(help.output.contains("\nExample"))
        #expect(help.output.contains("\n  ai-benchmark-exporter "))
        let overview = help.output.split(separator: "\n", omittingEmptySubsequences: false).prefix {
            !$0.hasPrefix("USAGE:")
        }
        for (line, next) in zip(overview, overview.dropFirst()) where !next.isEmpty && !next.hasPrefix(" ") {
            // A line ends where its paragraph does, or where the next word has no room; an example is not broken at all.
            let isFull = line.count + 1 + next.prefix { $0 != " " }.count >= 80
            #expect(line.isEmpty || !line.hasPrefix(" ") && isFull, "\(line)")
        }
    }

    @Test("the shell completes names of files and folders")
    func completion() async throws {
        let directory = try TemporaryDirectory()
        try Data().write(to: URL(fileURLWithPath: directory.file("slow.yml")))
        try FileManager.default.createDirectory(atPath: directory.file("slower"), withIntermediateDirectories: false)
        let files = [
            "serve --config.file", "serve --web.config.file", "check --config.file", "rules --config.file",
            "run --config.file", "run --compare", "run --token.file", "history --config.file",
            "baseline show --config.file", "baseline accept --token.file", "healthcheck --web.config.file",
            "healthcheck --basic-auth.file",
        ]
        let folders = ["serve --state.dir", "demo --state.dir", "run --state.dir", "baseline reset --state.dir"]
        // What an interactive bash does where somebody has typed "slo" after one of these and then the tabulator.
        let shell = """
            source <("$0" --generate-completion-script bash)
            for command in "$@"; do
                COMP_WORDS=(ai-benchmark-exporter $command slo) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE} COMPREPLY=()
                _ai-benchmark-exporter ai-benchmark-exporter slo "${COMP_WORDS[-2]}"
                printf '%s: ' "$command"
                printf '%s\\n' "${COMPREPLY[@]}" | sort | paste -sd ' '
            done
            """
        let result = try await ExporterProcess.run(files + folders, in: directory, shell: shell)
        let expected = files.map { "\($0): slow.yml slower" } + folders.map { "\($0): slower" }
        #expect(result.output == expected.joined(separator: "\n"))
    }

    @Test("what init prints of a category is a configuration without problems", arguments: BenchmarkCategory.allCases)
    func category(_ category: BenchmarkCategory) async throws {
        let directory = try TemporaryDirectory()
        let example = try await ExporterProcess.run(["init", "--category", category.rawValue], in: directory)
        #expect(example.status == 0)
        try Data(example.output.utf8).write(to: URL(fileURLWithPath: directory.file("example.yml")))
        let check = try await ExporterProcess.run(["check", "--config.file", "example.yml"], in: directory)
        #expect(check.status == 0)
        #expect(check.output.hasSuffix("no problems"), "\(check.output)")
    }

    @Test("what init prints is a configuration without problems")
    func initialise() async throws {
        let directory = try TemporaryDirectory()
        let template = try await ExporterProcess.run(["init"], in: directory)
        #expect(template.status == 0)
        try Data(template.output.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let check = try await ExporterProcess.run(["check"], in: directory)
        #expect(check.status == 0, "\(check.output)")
        let serve = try await ExporterProcess.run(["serve", "--config.check"], in: directory)
        #expect(serve.status == 0, "\(serve.output)")
        let store = try await ExporterProcess.run(["serve", "--config.check", "--store.url", "x:"], in: directory)
        #expect(store.status == 2)
        #expect(store.output.hasPrefix("--store.url: "), "\(store.output)")
    }

    @Test("the rules of what init prints are those in deploy/")
    func rules() async throws {
        let directory = try TemporaryDirectory()
        let template = try await ExporterProcess.run(["init"], in: directory)
        try Data(template.output.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let rules = try await ExporterProcess.run(["rules"], in: directory)
        #expect(rules.status == 0)
        let deployed = GoldenFile("../../deploy/prometheus/ai-benchmark-exporter.rules.yml")
        #expect(try deployed.difference(to: rules.output + "\n") == nil)
    }

    @Test("the version is printed as exporters do")
    func version() async throws {
        let result = try await ExporterProcess.run(["--version"], in: try TemporaryDirectory())
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("ai-benchmark-exporter, version "))
    }

    @Test("a health check exits with 0 beside a healthy exporter and with 1 beside none")
    func healthcheck() async throws {
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            arguments: ["demo", "--web.listen-address", "127.0.0.1:0", "--store.url", "none"],
            in: directory
        )
        let address = "127.0.0.1:\(exporter.port)"
        let healthy = try await ExporterProcess.run(["healthcheck", "--web.listen-address", address], in: directory)
        #expect(healthy.status == 0, "\(healthy.output)")
        #expect(await exporter.stop() == 0)
        let gone = try await ExporterProcess.run(["healthcheck", "--web.listen-address", address], in: directory)
        #expect(gone.status == 1)
        #expect(gone.output.contains(address))
    }

    @Test("the demo shows all of its benchmarks passing, and says so in JSON logs when asked to")
    func demo() async throws {
        let directory = try TemporaryDirectory()
        let exporter = try await ExporterProcess.start(
            arguments: ["demo", "--web.listen-address", "127.0.0.1:0", "--log.level", "debug"],
            in: directory
        )
        for name in BenchmarkCategory.allCases.map(\.rawValue) + ["open_loop"] {
            let line = try await exporter.process.waitForLine(containing: "benchmark=\(name) failure=")
            #expect(line.contains("failure=none"), "\(line)")
        }
        let metrics = try await exporter.scrape()
        #expect(metrics.series(of: "ai_benchmark_llm_tokens_total").contains { $0.value > 0 })
        #expect(await exporter.stop() == 0)
    }

    @Test("two demos run beside each other: the second one's service has another port than the usual one")
    func twoDemos() async throws {
        let directory = try TemporaryDirectory()
        let arguments = ["demo", "--web.listen-address", "127.0.0.1:0", "--store.url", "none"]
        let first = try await ExporterProcess.start(arguments: arguments, in: directory)
        let second = try await ExporterProcess.start(arguments: arguments, in: directory)
        #expect(try await first.request("GET", "/-/ready").text == "ready\n")
        #expect(try await second.request("GET", "/-/ready").text == "ready\n")
        #expect(await first.stop() == 0)
        #expect(await second.stop() == 0)
    }
}
