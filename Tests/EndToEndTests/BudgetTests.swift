import ExporterTestSupport
import Foundation
import NIOHTTP1
import Testing

@testable import AIBenchmarkExporter

@Suite("budgets", .timeLimit(.minutes(2))) struct BudgetTests {
    /// Costs 15 tokens.
    private static let answer = """
        {"choices": [{"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}], \
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}
        """

    private static let labels = ["benchmark": "model_response", "operation": "unary", "target": "assistant"]

    @Test(
        "a spent budget is spent after a restart as well, in order or by kill -9, and health checks go on",
        arguments: [false, true]
    )
    func restart(isKilled: Bool) async throws {
        let service = try await ScriptedService.start(.always(Self.answer))
        let directory = try TemporaryDirectory()
        let first = try await start(service, tokens: 100, in: directory)
        // Recorded, and by that stored, is then also the run that was going on when the budget became spent.
        try await first.process.waitForLine(containing: "outcome=skipped_budget")
        #expect(first.process.lines.filter { $0.contains("token budget spent") }.count == 1)
        let asked = Self.questions(service)
        #expect(asked >= 7)
        #expect(try await remaining(first) == 0)
        if isKilled {
            await first.process.kill()
        } else {
            #expect(await first.stop() == 0)
        }

        let second = try await start(service, tokens: 100, in: directory)
        #expect(try await remaining(second) == 0)
        let seen = service.record.requests.count
        try await second.process.waitForLine(containing: "outcome=skipped_budget")
        await service.wait { $0.requests.count >= seen + 5 }
        #expect(Self.questions(service) == asked)
        let metrics = try await second.scrape()
        let skipped = metrics.value(
            of: "ai_benchmark_runs_total",
            labels: Self.labels.merging(["outcome": "skipped_budget"]) { $1 }
        )
        #expect(try #require(skipped) >= 2)
        #expect(await second.stop() == 0)
    }

    @Test("a raised limit holds at once after a reload, and what was spent stays spent")
    func reload() async throws {
        let service = try await ScriptedService.start(.always(Self.answer))
        let directory = try TemporaryDirectory()
        let exporter = try await start(service, tokens: 100, in: directory)
        try await exporter.process.waitForLine(containing: "outcome=skipped_budget")
        let raised = Self.configuration(port: service.port, tokens: 200)
        try Data(raised.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        #expect(try await exporter.request("POST", "/-/reload").status == 200)
        try await exporter.process.waitForLine(containing: "token budget is there again")
        try await exporter.process.waitForLines(containing: "token budget spent", count: 2)
        #expect(Self.questions(service) >= 14)
        #expect(await exporter.stop() == 0)
    }

    /// How often the language model was asked.
    private static func questions(_ service: ScriptedService) -> Int {
        service.record.requests.count { $0.head.method == .POST }
    }

    private func remaining(_ exporter: ExporterProcess) async throws -> Double? {
        try await exporter.scrape().value(of: "ai_benchmark_budget_remaining_tokens", labels: Self.labels)
    }

    private func start(
        _ service: ScriptedService,
        tokens: Int,
        in directory: TemporaryDirectory
    ) async throws -> ExporterProcess {
        try await ExporterProcess.start(
            configuration: Self.configuration(port: service.port, tokens: tokens),
            in: directory,
            arguments: ["--log.level", "debug"]
        )
    }

    private static func configuration(port: Int, tokens: Int) -> String {
        """
        instance: test
        defaults: { start_jitter: 0s, interval: 3s, timeout: 2900ms, iterations: 10, warmup_iterations: 1 }
        targets:
          assistant: { http: { base_url: "http://127.0.0.1:\(port)" } }
        budgets:
          assistant: { tokens_per_day: \(tokens), max_in_flight: 2 }
        benchmarks:
          - name: model_response
            target: assistant
            probe: { chat_completion: { model: m, prompt: "Say OK.", stream: false } }
          - name: health_check
            target: assistant
            interval: 500ms
            timeout: 400ms
            iterations: 1
            warmup_iterations: 0
            probe: { http: { path: /health } }

        """
    }

    @Test("what runs have cost that nobody recorded is spent after a restart as well")
    func requested() async throws {
        let service = try await ScriptedService.start(.always(Self.answer))
        let directory = try TemporaryDirectory()
        let configuration = Self.configuration(port: service.port, tokens: 1_000)
            .replacing("interval: 3s, timeout: 2900ms, iterations: 10", with: "interval: 1h, iterations: 1")
        let managed = try await ManagedExporter.start(configuration, in: directory)
        await service.wait { $0.requests.count { $0.head.method == .POST } == 2 }
        try await managed.exporter.process.waitForLine(containing: "benchmark=model_response")
        #expect(try await remaining(managed.exporter) == 970)
        let body = #"{"benchmarks": ["model_response"], "warmup_iterations": 0, "iterations": 3}"#
        #expect(try await managed.call("POST", "run?wait=true", body).status == 200)
        #expect(try await managed.call("GET", "/probe?benchmark=model_response").status == 200)
        #expect(try await remaining(managed.exporter) == 895)
        #expect(await managed.exporter.stop() == 0)

        let restarted = try await managed.restarted(in: directory)
        #expect(try await remaining(restarted.exporter) == 895)
        #expect(await restarted.exporter.stop() == 0)
    }
}
