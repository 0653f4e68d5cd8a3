import BenchmarkModel
import Foundation
import Probing

/// The history as a person at a terminal reads it: for each operation a plot, the figures of all its runs taken
/// together, and the last runs one by one.
struct HistoryView {
    /// Below this nothing can be read any more.
    static let leastWidth = 40
    /// Where neither a terminal nor COLUMNS says how wide a line may be.
    static let usualWidth = 80

    /// Of the terminal, in characters.
    let width: Int
    let isColoured: Bool

    /// The text for `runs`, oldest first, of which the last `count` are listed.
    func text(of runs: [RunSummary], listing count: Int) -> String {
        var identities: [BenchmarkIdentity] = []
        for identity in runs.reversed().flatMap({ $0.operations.map(\.identity) }) where !identities.contains(identity)
        {
            identities.append(identity)
        }
        return identities.map { identity in
            let known = runs.compactMap { run in
                run.operation(identity).map { HistoryPoint(completedAt: run.completedAt, operation: $0) }
            }
            return section(identity, known, listing: count)
        }.joined(separator: "\n\n")
    }

    private func section(_ identity: BenchmarkIdentity, _ points: [HistoryPoint], listing count: Int) -> String {
        let title = "\(identity.benchmark) \(identity.operation) of \(identity.target)".printable
        let plot = HistoryPlot(points: points, width: width, isColoured: isColoured).text
        let listed = points.suffix(count)
        let table =
            listed.isEmpty
            ? [] : [TextTable.text(of: [Self.header] + listed.map(\.cells), alignedRight: [1, 2, 3, 4, 5])]
        return ([title, plot, Self.together(points)] + table).joined(separator: "\n")
    }

    /// The figures of all iterations of these runs: percentiles of merged sketches, never means of percentiles.
    private static func together(_ points: [HistoryPoint]) -> String {
        var sketch = NativeHistogram()
        var samples = 0
        var failed = 0
        for point in points {
            if let part = point.operation.sketch { sketch.merge(part) }
            samples += point.operation.statistics?.samples ?? 0
            failed += point.operation.statistics?.results[.failed] ?? 0
        }
        var parts = ["\(points.count) runs, \(samples) iterations"]
        if samples > 0 {
            parts.append(String(format: "%.2f %% succeeded", 100 * (1 - Double(failed) / Double(samples))))
        }
        if let mean = sketch.mean { parts.append("mean \(FigureText.latency(mean))") }
        for percent in [50, 95, 99] {
            if let value = sketch.percentile(percent) { parts.append("P\(percent) \(FigureText.latency(value))") }
        }
        return "Together: " + parts.joined(separator: ", ")
    }

    private static let header = ["TIME", "N", "SUCCESS", "P50", "P95", "OBJECTIVE", "GRADE", "BASELINE"]
}

/// One operation of one run.
struct HistoryPoint {
    /// In seconds since 1970.
    var completedAt: Double
    var operation: OperationSummary

    /// Over all iterations, +Inf where it falls on a failure; `nil` of a run without one.
    var p95: Double? { operation.statistics?.adjusted.p95 }

    fileprivate var cells: [String] {
        let statistics = operation.statistics
        return [
            HistoryText.time(completedAt),
            "\(statistics?.samples ?? 0)",
            statistics.map { String(format: "%.0f %%", $0.successRatio * 100) } ?? "-",
            statistics.map { FigureText.latency($0.adjusted.p50) } ?? "-",
            statistics.map { FigureText.latency($0.adjusted.p95) } ?? "-",
            FigureText.latency(operation.objective.target.seconds),
            (statistics?.grade.rawValue ?? "none") + (operation.invalidity == nil ? "" : " (invalid)"),
            baseline,
        ]
    }

    private var baseline: String {
        guard let finding = operation.finding else { return "" }
        switch finding.state {
        case .learning, .stable: return finding.state.rawValue
        case .degraded, .improved:
            return finding.state.rawValue + (finding.shift.map { String(format: " %.2f", $0.ratio) } ?? "")
        }
    }
}
