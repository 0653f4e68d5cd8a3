import Analysis
import BenchmarkModel
import Foundation
import Probing

/// Baselines as a person at a terminal reads them.
enum BaselineTable {
    /// A line for each operation of `states`, and for each part of the day where it has several.
    static func text(of states: [BenchmarkState]) -> String {
        let header = [
            "BENCHMARK", "OPERATION", "STATE", "SINCE", "P50", "P95", "SAMPLES", "S", "SHIFT", "TREND/H",
        ]
        let rows = states.flatMap(\.operations).flatMap(rows)
        return TextTable.text(of: [header] + rows, alignedRight: [4, 5, 6, 7, 8, 9])
    }

    private static func rows(_ operation: OperationState) -> [[String]] {
        let identity = operation.identity
        guard let daily = operation.baseline else {
            let name = [identity.benchmark.printable, identity.operation.printable]
            return [name + ["no run yet"] + Array(repeating: "-", count: 7)]
        }
        return daily.parts.enumerated().map { index, baseline in
            let part = daily.parts.count > 1 ? " \(HistoryText.timeOfDay(daily.span(of: index).lowerBound))" : ""
            return row(identity, identity.operation + part, baseline)
        }
    }

    private static func row(_ identity: BenchmarkIdentity, _ operation: String, _ baseline: BaselineState) -> [String] {
        let finding = RegressionDetector.finding(of: baseline)
        let trend = finding.trend.flatMap { $0.isSignificant ? $0 : nil }
        return [
            identity.benchmark.printable,
            operation.printable,
            finding.state == .learning
                ? String(format: "learning, %.0f %%", finding.learnt * 100) : finding.state.rawValue,
            finding.changedAt.map(HistoryText.time) ?? "-",
            finding.baseline.map { FigureText.latency($0.p50) } ?? "-",
            finding.baseline.map { FigureText.latency($0.p95) } ?? "-",
            "\(finding.baselineSamples)",
            baseline.level.map { String(format: "%.2f", $0.deviation) } ?? "-",
            finding.shift.map { String(format: "%.2f (%.2f-%.2f)", $0.ratio, $0.lower, $0.upper) } ?? "-",
            trend.map { String(format: "%+.1f %%", $0.slopeRatioPerHour * 100) } ?? "-",
        ]
    }
}
