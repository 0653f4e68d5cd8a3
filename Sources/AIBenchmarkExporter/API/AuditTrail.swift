import BenchmarkModel
import ExporterServer
import Logging
import ServiceLifecycle
import SnapshotStore
import Synchronization

/// Who called the management API: into the log at once, and to the store behind whoever was answered.
///
/// What the store does not take waits, and without a store the last calls are remembered here.
final class AuditTrail: Service {
    /// The most calls that wait for the store, or that are remembered without one.
    static let capacity = 1000
    /// The most that the store is given at once.
    private static let portion = 100
    /// Between tries while the store takes nothing.
    static let patience = Duration.seconds(5)

    private struct State {
        /// Without a store all that is known, else what is not stored yet; oldest first.
        var entries: [(number: Int, entry: AuditEntry)] = []
        var count = 0
        var failed = false
    }

    private let state = Mutex(State())
    private let store: (any AuditStore)?
    private let retention: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// A trail that `store` keeps for `retention`; `nil` where there is no store.
    init(
        _ store: (any AuditStore)?,
        retention: Duration,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.store = store
        self.retention = retention
        self.clock = clock
        self.logger = logger
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a call; never waits.
    func note(_ call: ManagementCall) {
        logger.info(
            "management call",
            metadata: [
                "token": "\(call.tokenName ?? "none")", "address": "\(call.address)",
                "action": "\(call.method) \(call.path)", "parameters": "\(call.parameters)", "status": "\(call.status)",
            ]
        )
        let entry = AuditEntry(
            time: call.time,
            token: call.tokenName,
            address: call.address,
            method: call.method,
            path: call.path,
            parameters: call.parameters,
            status: call.status
        )
        state.withLock { state in
            state.count += 1
            state.entries.append((state.count, entry))
            if state.entries.count > Self.capacity { state.entries.removeFirst() }
        }
        if store != nil { wake.yield() }
    }

    /// Stores what comes until the graceful shutdown, and then what is left, for which there is a second.
    func run() async {
        guard let store else {
            try? await gracefulShutdown()
            return
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.storeAll(in: store) }
            group.addTask {
                try? await gracefulShutdown()
                self.wake.finish()
                try? await self.clock.sleep(for: .seconds(1))
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Only waiting ends with the shutdown: a write that is broken off may have come to pass, and would be done twice.
    private func storeAll(in store: any AuditStore) async {
        for await _ in wakes {
            while await !write(to: store), !Task.isShuttingDownGracefully {
                await cancelWhenGracefulShutdown { try? await self.clock.sleep(for: Self.patience) }
            }
        }
        _ = await write(to: store)
    }

    /// Whether all that waited is stored.
    private func write(to store: any AuditStore) async -> Bool {
        do {
            while true {
                let waiting = state.withLock { $0.entries.prefix(Self.portion) }
                guard let last = waiting.last else { return true }
                try await store.append(waiting.map(\.entry), trimming: WallClock.now - retention.seconds)
                let failed = state.withLock { state in
                    state.entries.removeAll { $0.number <= last.number }
                    defer { state.failed = false }
                    return state.failed
                }
                if failed { logger.info("audit trail is stored again") }
            }
        } catch {
            let failed = state.withLock { state in
                defer { state.failed = true }
                return state.failed
            }
            if !failed, !Task.isCancelled {
                logger.warning("audit trail is not stored, and waits", metadata: ["reason": "\(error)"])
            }
            return false
        }
    }

    /// A page of the trail, newest first; `nil` where `before` is none of its cursors.
    func page(before: String?, limit: Int) async throws -> AuditPage? {
        if let store { return try await store.entries(before: before, limit: limit) }
        let last = before.map { Int($0) } ?? .max
        guard let last else { return nil }
        let found = state.withLock { $0.entries.reversed().filter { $0.number < last } }
        let page = found.prefix(limit)
        return AuditPage(
            entries: page.map(\.entry),
            next: found.count > page.count ? page.last.map { "\($0.number)" } : nil
        )
    }

    /// Removes what is older than `time`, in seconds since 1970, of the history too; without a store, of what is remembered.
    func trim(before time: Double) async throws -> TrimmedCounts {
        if let store { return try await store.trim(before: time) }
        let removed = state.withLock { state in
            let count = state.entries.count
            state.entries.removeAll { $0.entry.time < time }
            return count - state.entries.count
        }
        return TrimmedCounts(runs: 0, auditEntries: removed)
    }
}
