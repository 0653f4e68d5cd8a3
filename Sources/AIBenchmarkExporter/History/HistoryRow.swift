import BenchmarkModel
import Foundation

/// One operation of one run, for programs; a percentile that falls on a failure is left out, and empty in CSV.
struct HistoryRow: Encodable, Equatable {
    var completedAt: String
    var benchmark: String
    var operation: String
    var target: String
    var outcome: RunOutcome
    var samples: Int
    var successRatio: Double?
    /// Of successes.
    var meanSeconds: Double?
    /// Of all iterations, as are the other percentiles.
    var p50Seconds: Double?
    var p95Seconds: Double?
    var p99Seconds: Double?
    var objectiveSeconds: Double
    var grade: Grade?
    var confident: Bool?
    var invalid: String?
    var state: RegressionState?
    var shiftRatio: Double?

    /// The rows of a run, in the order of the benchmark's operations.
    static func rows(of run: RunSummary) -> [Self] {
        run.operations.map { operation in
            let statistics = operation.statistics
            return Self(
                completedAt: HistoryText.time(run.completedAt),
                benchmark: operation.identity.benchmark,
                operation: operation.identity.operation,
                target: operation.identity.target,
                outcome: run.outcome,
                samples: statistics?.samples ?? 0,
                successRatio: statistics?.successRatio,
                meanSeconds: statistics?.latency?.mean,
                p50Seconds: finite(statistics?.adjusted.p50),
                p95Seconds: finite(statistics?.adjusted.p95),
                p99Seconds: finite(statistics?.adjusted.p99),
                objectiveSeconds: operation.objective.target.seconds,
                grade: statistics?.grade,
                confident: operation.isConfident,
                invalid: operation.invalidity,
                state: operation.finding?.state,
                shiftRatio: finite(operation.finding?.shift?.ratio)
            )
        }
    }

    /// An array of objects.
    static func json(_ rows: [Self]) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(rows), as: UTF8.self)
    }

    /// A line with the names of the columns, then one for each row (RFC 4180).
    static func csv(_ rows: [Self]) -> String {
        let header = [
            "completed_at", "benchmark", "operation", "target", "outcome", "samples", "success_ratio", "mean_seconds",
            "p50_seconds", "p95_seconds", "p99_seconds", "objective_seconds", "grade", "confident", "invalid", "state",
            "shift_ratio",
        ]
        return ([header] + rows.map(\.cells)).map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\r\n")
            + "\r\n"
    }

    private var cells: [String] {
        let numbers = [successRatio, meanSeconds, p50Seconds, p95Seconds, p99Seconds].map { $0.map { "\($0)" } ?? "" }
        return [completedAt, benchmark, operation, target, outcome.rawValue, "\(samples)"] + numbers + [
            "\(objectiveSeconds)", grade?.rawValue ?? "", confident.map { "\($0)" } ?? "", invalid ?? "",
            state?.rawValue ?? "", shiftRatio.map { "\($0)" } ?? "",
        ]
    }

    private static func quoted(_ cell: String) -> String {
        let isPlain = !cell.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        return isPlain ? cell : "\"\(cell.replacing("\"", with: "\"\""))\""
    }

    private static func finite(_ value: Double?) -> Double? {
        value.flatMap { $0.isFinite ? $0 : nil }
    }
}
