import ExporterTestSupport
import Foundation
import Testing

@Suite("An exporter that may have few descriptors", .timeLimit(.minutes(2)))
struct DescriptorTests {
    private static let limit = 64

    /// Eight times 32 workers that would hold a connection for two seconds each.
    private static func configuration(silent: Int) -> String {
        func benchmark(_ name: String, _ target: String, _ probe: String) -> String {
            "  - { name: \(name), category: health_check, target: \(target), concurrency: 32, iterations: 32, "
                + "interval: 3s, timeout: 2s, probe: { \(probe) } }\n"
        }
        let holding = (0..<8).map { benchmark("http\($0)", "web", "http: { path: / }") }.joined()
        return """
            store: { url: "sqlite:state.db" }
            defaults: { start_jitter: 0s, warmup_iterations: 0 }
            targets:
              web: { http: { base_url: "http://127.0.0.1:\(silent)" } }
              name: { http: { base_url: "http://localhost:\(silent)" } }
              cache: { redis: { url: "redis://127.0.0.1:\(silent)/0" } }
              line: { tcp: { address: "127.0.0.1:\(silent)" } }
              shell: { command: {} }
            benchmarks:
            \(holding)
            """ + benchmark("name", "name", "http: { path: / }")
                + benchmark("cache", "cache", "redis: { command: [PING] }")
                + benchmark("line", "line", "tcp: { expect: { matches: never } }")
                + benchmark("shell", "shell", "command: { run: [sleep, \"3\"] }")
    }

    @Test("goes on, as probes leave some of them alone and say so when they fail for it")
    func shortage() async throws {
        let directory = try TemporaryDirectory()
        let silent = try await ScriptedService.start([.awaitBytes])
        let text = Self.configuration(silent: silent.port)
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let process = try ChildProcess(
            "/bin/sh",
            arguments: [
                "-c", "ulimit -n \(Self.limit) && exec \"$@\"", "sh", ExporterProcess.binary, "serve",
                "--web.listen-address", "127.0.0.1:0",
            ],
            directory: directory.path
        )
        let listening = try await process.waitForLine(containing: "msg=listening")
        let port = try #require(listening.firstMatch(of: /:([0-9]+)"?$/).flatMap { Int($0.1) })
        // A benchmark that has got nothing ends at once, while the others hold on to all that there is.
        try await process.waitForLine(containing: "msg=\"grade changed\"")
        let descriptors = "/proc/\(process.processIdentifier)/fd"
        let open = try FileManager.default.contentsOfDirectory(atPath: descriptors).count
        #expect((40...Self.limit - 8).contains(open))
        #expect(try await LoopbackHTTP.request("GET", "/metrics", port: port).status == 200)
        try await process.waitForLines(containing: "msg=\"grade changed\"", count: 12)
        for benchmark in ["name", "shell"] {
            let line = try await process.waitForLine(containing: "benchmark=\(benchmark) failure=")
            #expect(line.contains("short of descriptors, of which it may have \(Self.limit)"), "\(line)")
        }
        let page = try await LoopbackHTTP.request("GET", "/metrics", port: port).text
        #expect(page.contains("ai_benchmark_exporter_undurable_runs 0\n"))
        process.signal(SIGTERM)
        #expect(await process.waitForExit() == 0)
    }
}
