import BenchmarkModel
import ExporterServer
import Logging
import ServiceLifecycle
import SnapshotStore
import Synchronization

/// Who called the management API: into the log at once, and to the store behind whoever was answered.
///
/// What the store does not take waits, and without a store the last calls are remembered here. Where there is no room, calls
/// of nobody known go before those with a token.
final class AuditTrail: Service {
    /// The most calls that wait for the store, or that are remembered without one.
    static let capacity = 1000
    /// The most that the store is given at once.
    private static let portion = 100
    /// Between tries while the store takes nothing.
    static let patience = Duration.seconds(5)

    private struct State {
        /// Without a store all that is known, else what is not stored yet; oldest first.
        var entries: [NumberedAuditEntry] = []
        var count = 0
        var failed = false
        /// Calls that had to go before they were stored, since the store last took something.
        var dropped = 0
        var refusals = RefusalFold()

        /// Adds an entry, and drops one where there is no room for it.
        mutating func add(_ entry: AuditEntry) {
            count += 1
            entries.append(NumberedAuditEntry(number: count, entry: entry))
            guard entries.count > AuditTrail.capacity else { return }
            entries.remove(at: entries.firstIndex { $0.entry.isRefusal } ?? 0)
            dropped += 1
        }
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
        let entry = AuditEntry(
            time: call.time,
            token: call.tokenName,
            address: call.address,
            method: call.method,
            path: call.path,
            parameters: call.parameters,
            status: call.status
        )
        keep { $0.take(entry) }
    }

    private func keep(_ change: (inout RefusalFold) -> [AuditEntry]) {
        let (entries, isFirstDrop) = state.withLock { state in
            let dropped = state.dropped
            let entries = change(&state.refusals)
            for entry in entries { state.add(entry) }
            return (entries, dropped == 0 && state.dropped > 0)
        }
        guard !entries.isEmpty else { return }
        for entry in entries {
            logger.info(
                "management call",
                metadata: [
                    "token": "\(entry.token ?? "none")", "address": "\(entry.address)",
                    "action": "\(entry.method) \(entry.path)", "parameters": "\(entry.parameters)",
                    "status": "\(entry.status)",
                ]
            )
        }
        guard store != nil else { return }
        wake.yield()
        if isFirstDrop { logger.warning("audit trail has no room for all that waits, and loses calls") }
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
            while await !write(to: store), !Task.isShuttingDownGracefully, !Task.isCancelled {
                await cancelWhenGracefulShutdown { try? await self.clock.sleep(for: Self.patience) }
            }
        }
        keep { $0.drain(at: WallClock.now) }
        _ = await write(to: store)
    }

    /// Whether all that waited is stored.
    private func write(to store: any AuditStore) async -> Bool {
        do {
            while true {
                let waiting = state.withLock { $0.entries.prefix(Self.portion) }
                guard let last = waiting.last else { return true }
                try await store.append(Array(waiting), trimming: WallClock.now - retention.seconds)
                let (failed, dropped) = state.withLock { state in
                    state.entries.removeAll { $0.number <= last.number }
                    defer { (state.failed, state.dropped) = (false, 0) }
                    return (state.failed, state.dropped)
                }
                if failed || dropped > 0 {
                    logger.info("audit trail is stored again", metadata: ["lost_calls": "\(dropped)"])
                }
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
        keep { $0.tell(at: WallClock.now) }
        if let store { return try await store.entries(before: before, limit: limit) }
        let last = before.map { Int(auditCursor: $0) } ?? .max
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
