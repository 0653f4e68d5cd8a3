import BenchmarkModel
import ExporterTestSupport
import Logging
import ServiceLifecycle
import Synchronization
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

/// The messages that were logged above `debug`, with their level.
final class LogLines: LogHandler, Sendable {
    private struct State {
        var lines: [String] = []
        var waiters: [(line: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock(\.lines) }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let line = "\(event.level): \(event.message)"
        let woken = state.withLock { state in
            state.lines.append(line)
            let woken = state.waiters.filter { $0.line == line }
            state.waiters.removeAll { $0.line == line }
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Waits until `line` has been logged.
    func wait(for line: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.lines.contains(line) { return true }
                state.waiters.append((line, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
