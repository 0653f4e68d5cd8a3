import BenchmarkModel
import ExporterTestSupport
import Logging
import ServiceLifecycle
import Testing

@testable import SnapshotStore

/// A writer on a manual clock, with its log.
struct WriterUnderTest {
    let clock = ManualClock()
    let log = LogLines()
    let writer: SnapshotWriter<ManualClock>

    init(_ store: any SnapshotStore, mark: PublicationMark? = nil, marksEveryCommit: Bool = false) {
        let log = log
        writer = SnapshotWriter(
            store: store,
            mark: mark,
            marksEveryCommit: marksEveryCommit,
            commitTimeout: .milliseconds(500),
            clock: clock,
            now: { noon },
            logger: Logger(label: "test") { _ in log }
        )
    }

    /// Runs the writer while `body` does something with it, and ends it without a shutdown.
    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [writer] in try await writer.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// Runs the writer in a service group, `body` with it, then shuts the group down and waits for its end.
    func shuttingDown(after body: () async throws -> Void, then shutdown: () async -> Void = {}) async throws {
        let services = ServiceGroup(services: [writer], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            try await body()
            await services.triggerGracefulShutdown()
            await shutdown()
            try await group.waitForAll()
        }
    }

    @discardableResult
    func commit(_ benchmark: String, _ sequence: Int64) async -> CommitResult {
        await writer.commit(.sample(benchmark, epoch: 1, sequence: sequence), .sample(benchmark))
    }
}
