import BenchmarkModel
import ExporterTestSupport
import Foundation
import Recording
import Testing

@Suite struct DocumentedMetricsTests {
    private static let root = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("the metrics table of the README is the catalog; make golden rewrites it")
    func readme() throws {
        let file = Self.root.appendingPathComponent("README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let begin = try #require(text.range(of: "<!-- metrics: compared with the catalog by the tests -->\n"))
        let end = try #require(text.range(of: "<!-- end of metrics -->"))
        let table = text[begin.upperBound..<end.lowerBound]
        if GoldenFile.isUpdating {
            let updated = text[..<begin.upperBound] + Self.table + text[end.lowerBound...]
            try Data(updated.utf8).write(to: file)
        } else {
            #expect(table == Self.table)
        }
    }

    private static var table: String {
        let rows = MetricCatalog.all.map { descriptor in
            let isOfBenchmark = descriptor.labels.starts(with: ["benchmark", "operation", "target"])
            let labels = isOfBenchmark ? Array(descriptor.labels.dropFirst(3)) : descriptor.labels
            let name = descriptor.name.replacing(/^ai_benchmark_/, with: "")
            return
                "| `\(name)` | \(descriptor.type.rawValue) | \(labels.map { "`\($0)`" }.joined(separator: ", ")) | \(descriptor.help) |"
        }
        let head = ["", "| metric | type | further labels | meaning |", "| --- | --- | --- | --- |"]
        return (head + rows + ["", ""]).joined(separator: "\n")
    }
}
