import ExporterTestSupport
import Foundation
import Testing

@Suite("regressions", .timeLimit(.minutes(3))) struct RegressionTests {
    private static let labels = ["benchmark": "health_check", "operation": "get", "target": "assistant"]

    @Test("a service that slows down is caught, also across a kill -9, until an operator accepts the new level")
    func slowedService() async throws {
        let demoDirectory = try TemporaryDirectory()
        let demo = try await ExporterProcess.start(
            arguments: ["demo", "--web.listen-address", "127.0.0.1:0", "--demo.listen-port", "0"],
            in: demoDirectory
        )
        let servicePort = try await Self.servicePort(of: demo)
        let directory = try TemporaryDirectory()
        let configuration = RunningDemo.learning(port: servicePort)
        var exporter = try await ExporterProcess.start(configuration: configuration, in: directory)
        try await exporter.process.waitForLine(containing: "baseline learnt")
        #expect(try await state(exporter, "degradation") == 0)
        #expect(try await exporter.scrape().value(of: "ai_benchmark_baseline_samples", labels: Self.labels) ?? 0 >= 400)

        let slowed = try await LoopbackHTTP.request(
            "PUT",
            "/demo/behaviour",
            port: servicePort,
            body: "{\"slow_by_ms\": 20}"
        )
        #expect((200..<300).contains(slowed.status))
        try await exporter.process.waitForLine(containing: "worse than the baseline")
        #expect(try await state(exporter, "degradation") == 1)
        let shift = try await exporter.scrape().value(of: "ai_benchmark_regression_shift_ratio", labels: Self.labels)
        #expect(try #require(shift) > 1.5)

        // Looking disturbs nobody; changing behind the exporter's back is refused.
        let shown = try await ExporterProcess.run(["baseline", "show"], in: directory)
        #expect(shown.status == 0)
        #expect(shown.output.contains("degraded"), "\(shown.output)")
        let refused = try await ExporterProcess.run(["baseline", "accept", "health_check"], in: directory)
        #expect(refused.status == 1)
        #expect(
            refused.output
                == "baseline accept: an exporter is using the store; ask it with --via http://HOST:PORT, or stop it first"
        )

        await exporter.process.kill()
        exporter = try await ExporterProcess.start(configuration: configuration, in: directory)
        #expect(try await state(exporter, "degradation") == 1)
        #expect(await exporter.stop() == 0)

        let unknown = try await ExporterProcess.run(["baseline", "accept", "nonsense"], in: directory)
        #expect(unknown.status == 2)
        #expect(unknown.output == "baseline accept: the store has no benchmark 'nonsense'; it has health_check")
        let accepted = try await ExporterProcess.run(["baseline", "accept", "health_check"], in: directory)
        #expect(accepted.status == 0, "\(accepted.output)")
        #expect(accepted.output.contains("health_check get of assistant: learning, "), "\(accepted.output)")
        exporter = try await ExporterProcess.start(configuration: configuration, in: directory)
        #expect(try await state(exporter, "degradation") ?? 0 == 0)
        #expect(await exporter.stop() == 0)
        #expect(await demo.stop() == 0)

        try await checkHistory(in: directory)
    }

    private func checkHistory(in directory: TemporaryDirectory) async throws {
        let csv = try await ExporterProcess.run(["history", "health_check", "--output", "csv"], in: directory)
        #expect(csv.status == 0)
        let lines = csv.output.split(whereSeparator: \.isNewline)
        #expect(lines.first?.hasPrefix("completed_at,benchmark,operation,target,outcome,samples,") == true)
        #expect(lines.count > 40)
        #expect(lines.contains { $0.contains(",degraded,") })
        let table = try await ExporterProcess.run(["history", "health_check", "--runs", "3"], in: directory)
        #expect(table.status == 0)
        #expect(table.output.contains("▲"))
        #expect(table.output.contains("Together: "))
    }

    private func state(_ exporter: ExporterProcess, _ direction: String) async throws -> Double? {
        try await exporter.scrape().value(
            of: "ai_benchmark_regression_state",
            labels: Self.labels.merging(["direction": direction]) { $1 }
        )
    }

    private static func servicePort(of demo: ExporterProcess) async throws -> Int {
        let line = try await demo.process.waitForLine(containing: "simulated service")
        return try #require(Int(line.reversed().prefix { $0.isNumber }.reversed().map(String.init).joined()))
    }
}
