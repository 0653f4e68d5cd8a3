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

    /// Metrics that the alert rules ask for and no exporter exposes yet; this list only shrinks.
    private static let coming: Set<String> = [
        "ai_benchmark_regression_state", "ai_benchmark_regression_shift_ratio",
        "ai_benchmark_trend_slope_ratio_per_hour",
        "ai_benchmark_exporter_alert_notifications_total",
    ]

    @Test("every metric that dashboards and deployment examples ask for is in the catalog, or still to come")
    func queried() throws {
        #expect(Self.coming.isDisjoint(with: MetricCatalog.all.map(\.name)))
        var known = Self.coming
        for descriptor in MetricCatalog.all {
            known.insert(descriptor.name)
            guard descriptor.type == .histogram else { continue }
            for suffix in ["_bucket", "_sum", "_count"] { known.insert(descriptor.name + suffix) }
        }
        var found = 0
        for folder in ["grafana", "deploy"] {
            let enumerator = FileManager.default.enumerator(
                at: Self.root.appendingPathComponent(folder),
                includingPropertiesForKeys: nil
            )
            for case let file as URL in try #require(enumerator) where !file.hasDirectoryPath {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /ai_benchmark_[a-z0-9_]+/) {
                    found += 1
                    #expect(known.contains(String(match.output)), "\(file.lastPathComponent)")
                }
            }
        }
        #expect(found > 0)
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
