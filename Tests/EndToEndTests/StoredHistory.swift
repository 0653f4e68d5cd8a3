import Analysis
import BenchmarkModel
import ExporterTestSupport
import Foundation

@testable import SnapshotStore

/// A store in which a benchmark `health_check` has learnt a baseline, and a configuration to find it with.
struct StoredHistory {
    let directory: TemporaryDirectory
    private let store: SQLiteSnapshotStore

    var path: String { directory.file("state.db") }

    /// The store, still open, of one whose operation has this name.
    static func make(operation: String = "get") async throws -> Self {
        let directory = try TemporaryDirectory()
        let configuration = RunningDemo.learning(port: 9)
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory.file("ai-benchmark-exporter.yml")))
        let now = Date().timeIntervalSince1970
        let store = SQLiteSnapshotStore(path: directory.file("state.db"), retention: .seconds(1e9)) { now }
        _ = try await store.restore()
        let record = OperationRecord(
            identity: BenchmarkIdentity(benchmark: "health_check", operation: operation, target: "assistant"),
            objective: Objective(),
            warmupIterations: [],
            iterations: Array(repeating: IterationOutcome(duration: .milliseconds(100)), count: 10),
            elapsed: .seconds(1)
        )
        let run = RunRecord(
            benchmark: "health_check",
            outcome: .completed,
            intendedAt: now - 60,
            completedAt: now - 60,
            lateness: .zero,
            operations: [record]
        )
        var state = OperationState(
            identity: record.identity,
            objective: record.objective,
            traits: OperationTraits(),
            createdAt: now
        )
        var baseline = BaselineState(fingerprint: "f")
        for _ in 0..<40 {
            RegressionDetector.record(successes: record.latencies, failures: 0, at: now - 60, in: &baseline)
        }
        state.baseline = DailyBaseline(baseline)
        let known = BenchmarkState(benchmark: "health_check", operations: [state], epoch: 1)
        let versioned = VersionedRun(version: StateVersion(epoch: 1, sequence: 1), summary: run.summary)
        _ = try await store.commit(CommitBatch(states: [known], runs: [versioned]))
        return Self(directory: directory, store: store)
    }

    /// Lets the store go, as an exporter does that stops in order.
    func close() async {
        await store.close()
    }

    /// What the binary prints in the folder.
    func run(_ arguments: [String], shell: String? = nil) async throws -> (status: Int32, output: String) {
        try await ExporterProcess.run(arguments, in: directory, shell: shell)
    }
}
