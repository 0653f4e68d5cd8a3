import BenchmarkModel
import Foundation
import Testing

@testable import AIBenchmarkExporter

extension SuiteReport {
    /// The report of a suite that was one run, with these operations, all of the same definition.
    init(of operations: [OperationRecord]) {
        let run = RunRecord(
            benchmark: operations.first?.identity.benchmark ?? "",
            outcome: .completed,
            intendedAt: 0,
            completedAt: 1,
            lateness: .zero,
            operations: operations
        )
        self.init(
            of: zip(operations, run.summary.operations).map { Operation($0, $1, fingerprint: "0") },
            successes: operations.flatMap(\.iterations).filter { $0.failure == nil }.map(\.duration),
            target: .milliseconds(300),
            completedAt: 1,
            isPartial: false
        )
    }

    /// Reads the JSON that stands in the output of a command, between what it says beside.
    static func read(in output: String) throws -> Self {
        let start = try #require(output.firstIndex(of: "{"), "\(output)")
        let end = try #require(output.lastIndex(of: "}"))
        return try SuiteJSON.decode(Data(output[start...end].utf8))
    }
}
