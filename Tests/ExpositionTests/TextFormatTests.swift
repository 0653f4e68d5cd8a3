import BenchmarkModel
import ExporterTestSupport
import Exposition
import Foundation
import Testing

@Suite struct TextFormatTests {
    @Test("a rich snapshot is written as the golden file says")
    func golden() throws {
        let text = String(decoding: TextFormat.encode(SampleSnapshots.rich), as: UTF8.self)
        #expect(try GoldenFile("exposition/rich.prom").difference(to: text) == nil)
    }

    @Test("what is written reads back as what was meant")
    func roundTrip() throws {
        let text = String(decoding: TextFormat.encode(SampleSnapshots.rich), as: UTF8.self)
        let parsed = try TextFormatParser.parse(text)
        let names = ["probe_duration_seconds", "probe_iterations_total", "probe_latency_seconds"]
        #expect(parsed.families.map(\.name) == names)
        #expect(parsed.families.map(\.type) == ["histogram", "counter", "gauge"])
        #expect(parsed.families[1].help == #"A backslash \, a "quote" and"# + "\na line feed.")
        var labels = ["benchmark": "model_response", "operation": "stream", "target": "assistant"]
        #expect(parsed.value(of: "probe_duration_seconds_count", labels: labels) == 7)
        labels["le"] = "0.3"
        #expect(parsed.value(of: "probe_duration_seconds_bucket", labels: labels) == 5)
        labels["le"] = "+Inf"
        #expect(parsed.value(of: "probe_duration_seconds_bucket", labels: labels) == 7)
        labels["le"] = nil
        labels["result"] = #"\ " ü 🙂"# + "\n."
        #expect(parsed.value(of: "probe_iterations_total", labels: labels) == 0)
    }

    @Test("a number is written with the fewest digits that read back as it", arguments: SampleSnapshots.numbers)
    func number(_ number: SampleSnapshots.WrittenNumber) throws {
        let family = MetricFamily(
            name: "x",
            help: "",
            type: .gauge,
            series: [MetricSeries([:], .number(number.value))]
        )
        let text = String(decoding: TextFormat.encode(MetricSnapshot(families: [family])), as: UTF8.self)
        #expect(text == "# HELP x \n# TYPE x gauge\nx \(number.text)\n")
        let value = try #require(try TextFormatParser.parse(text).value(of: "x"))
        #expect(value == number.value || value.isNaN && number.value.isNaN)
    }

    @Test("a snapshot without a series is an empty body")
    func empty() {
        #expect(TextFormat.encode(MetricSnapshot()).isEmpty)
    }

    @Test("promtool finds nothing to complain about", .timeLimit(.minutes(1)))
    func promtool() async throws {
        var snapshot = SampleSnapshots.rich
        snapshot.families += SampleSnapshots.changing.families
        let folder = try TemporaryDirectory()
        let file = folder.file("metrics")
        try Data(TextFormat.encode(snapshot)).write(to: URL(fileURLWithPath: file))
        _ = try ChildProcess("promtool", debianPackage: "prometheus", arguments: ["--version"])
        let check = try ChildProcess("sh", arguments: ["-c", "promtool check metrics < '\(file)'; echo done"])
        try await check.waitForLine(containing: "done")
        #expect(check.lines == ["done"])
    }
}
