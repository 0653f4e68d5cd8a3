import ExporterServer
import ExporterTestSupport
import Logging
import Probing
import ServiceLifecycle
import Synchronization
import Testing

@testable import AIBenchmarkExporter
@testable import SnapshotStore

@Suite("the audit trail", .timeLimit(.minutes(1))) struct AuditTrailTests {
    /// A store that can be down.
    private final class Store: AuditStore {
        private struct State {
            var isDown: Bool
            var entries: [AuditEntry] = []
            var largest = 0
            var isFenced = false
        }

        private let state: Mutex<State>
        private let appended: AsyncStream<Int>
        private let appending: AsyncStream<Int>.Continuation
        private let disk: StopSignal?

        /// A store that answers once `disk` is set.
        init(isDown: Bool = false, disk: StopSignal? = nil) {
            state = Mutex(State(isDown: isDown))
            (appended, appending) = AsyncStream.makeStream()
            self.disk = disk
        }

        var entries: [AuditEntry] { state.withLock(\.entries) }
        /// The most entries that came at once.
        var largest: Int { state.withLock(\.largest) }

        func fence() { state.withLock { $0.isFenced = true } }

        func comeUp() { state.withLock { $0.isDown = false } }

        /// Waits until that many entries are stored.
        func wait(for count: Int) async {
            for await stored in appended where stored >= count { return }
        }

        func append(_ entries: [NumberedAuditEntry], trimming oldest: Double) async throws(StoreError) {
            let count = state.withLock { state -> Int? in
                guard !state.isDown else { return nil }
                state.entries += entries.map(\.entry)
                state.largest = max(state.largest, entries.count)
                return state.entries.count
            }
            guard let count else { throw StoreError(.failed, .commit, of: "test", answer: "down") }
            appending.yield(count)
            await disk?.wait()
            if Task.isCancelled { throw StoreError(.timedOut, .commit, of: "test", answer: "the disk did not answer") }
        }

        func entries(before: String?, limit: Int) async throws(StoreError) -> AuditPage? {
            AuditPage(entries: entries.reversed())
        }

        func trim(before time: Double) async throws(StoreError) -> TrimmedCounts {
            guard !state.withLock(\.isFenced) else {
                throw StoreError(.fenced, .commit, of: "test", answer: "a newer process has claimed it")
            }
            return TrimmedCounts(runs: 7, auditEntries: 8)
        }
    }

    private let clock = ManualClock()
    private let log = LogLines()

    private func trail(_ store: Store?) -> AuditTrail {
        AuditTrail(store, retention: .seconds(100), clock: clock, logger: Logger(label: "test") { _ in log })
    }

    private static func call(_ number: Int) -> ManagementCall {
        ManagementCall(
            time: Double(number),
            tokenName: "ci",
            address: "127.0.0.1",
            method: "POST",
            path: "/run",
            parameters: "n=\(number)",
            status: 202
        )
    }

    /// Runs `trail` as a service while `body` does, and then shuts it down gracefully.
    ///
    /// `afterwards` is called when the shutdown has begun.
    private func running(
        _ trail: AuditTrail,
        afterwards: () -> Void = {},
        _ body: () async throws -> Void
    ) async throws {
        let quiet = Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [trail], logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            afterwards()
            try await tasks.waitForAll()
        }
    }

    @Test("a call is logged at once and stored behind it, in its order")
    func stored() async throws {
        let store = Store()
        let trail = trail(store)
        try await running(trail) {
            for number in 1...3 { trail.note(Self.call(number)) }
            await store.wait(for: 3)
        }
        #expect(store.entries.map(\.parameters) == ["n=1", "n=2", "n=3"])
        #expect(log.lines == Array(repeating: "info: management call", count: 3))
    }

    @Test("while the store is down calls wait, and are stored once each when it is back; two lines say so")
    func storeDown() async throws {
        let store = Store(isDown: true)
        let trail = trail(store)
        try await running(trail) {
            trail.note(Self.call(1))
            await clock.waitForSleepers()
            trail.note(Self.call(2))
            clock.advance(by: AuditTrail.patience)
            await clock.waitForSleepers()
            store.comeUp()
            clock.advance(by: AuditTrail.patience)
            await store.wait(for: 2)
            trail.note(Self.call(3))
            await store.wait(for: 3)
        }
        #expect(store.entries.map(\.parameters) == ["n=1", "n=2", "n=3"])
        #expect(
            log.lines.filter { !$0.hasSuffix("call") } == [
                "warning: audit trail is not stored, and waits", "info: audit trail is stored again",
            ]
        )
    }

    @Test("what waits is bounded: the oldest go, and a store gets them in portions")
    func bounded() async throws {
        let store = Store(isDown: true)
        let trail = trail(store)
        try await running(trail) {
            trail.note(Self.call(0))
            await clock.waitForSleepers()
            for number in 1...AuditTrail.capacity + 5 { trail.note(Self.call(number)) }
            store.comeUp()
            clock.advance(by: AuditTrail.patience)
            await store.wait(for: AuditTrail.capacity)
        }
        #expect(store.entries.map(\.time) == (6...AuditTrail.capacity + 5).map(Double.init))
        #expect(store.largest == 100)
    }

    @Test("who has no token pushes nobody out who has one, and what had to go is counted and said once")
    func refusals() async throws {
        let store = Store(isDown: true)
        let trail = trail(store)
        func refuse(_ number: Int) {
            var call = Self.call(number)
            (call.tokenName, call.status, call.address) = (nil, 401, "2001:db8::\(number)")
            // Each in a minute of its own, or they would be one.
            call.time = Double(number) * 60
            trail.note(call)
        }
        try await running(trail) {
            trail.note(Self.call(-1))
            await clock.waitForSleepers()
            for number in 0..<AuditTrail.capacity + 5 { refuse(number) }
            trail.note(Self.call(-2))
            store.comeUp()
            clock.advance(by: AuditTrail.patience)
            await store.wait(for: AuditTrail.capacity)
        }
        #expect(store.entries.count == AuditTrail.capacity)
        #expect(store.entries.compactMap(\.token).count == 2)
        let news = log.lines.filter { !$0.hasSuffix("call") }
        #expect(
            news == [
                "warning: audit trail is not stored, and waits",
                "warning: audit trail has no room for all that waits, and loses calls",
                "info: audit trail is stored again",
            ]
        )
    }

    @Test("a thousand refusals of one client are two entries, the second one with their number")
    func manyRefusals() async throws {
        let store = Store()
        let trail = trail(store)
        try await running(trail) {
            for _ in 0..<1_000 {
                var call = Self.call(1)
                (call.tokenName, call.status) = (nil, 401)
                trail.note(call)
            }
            await store.wait(for: 1)
        }
        #expect(store.entries.map(\.status) == [401, 401])
        #expect(store.entries.last?.parameters == "repeated=999 last_at=1970-01-01T00:00:01.000Z")
        #expect(log.lines.count == 2)
    }

    @Test("a shutdown stores what is left, and does not wait for a store that is down")
    func shutdown() async throws {
        let store = Store()
        let trail = trail(store)
        try await running(trail) { trail.note(Self.call(1)) }
        #expect(store.entries.count == 1)
        let down = Store(isDown: true)
        let other = self.trail(down)
        try await running(other) {
            other.note(Self.call(1))
            await clock.waitForSleepers()
        }
        #expect(down.entries.isEmpty)
    }

    @Test("a write that a shutdown meets is not done twice")
    func shutdownDuringWrite() async throws {
        let disk = StopSignal()
        let store = Store(disk: disk)
        let trail = trail(store)
        try await running(trail, afterwards: disk.set) {
            trail.note(Self.call(1))
            await store.wait(for: 1)
        }
        #expect(store.entries.map(\.parameters) == ["n=1"])
    }

    @Test(
        "who asks for a clean-up is told what went, or that a newer process owns the store; the trail has what was asked for"
    )
    func cleanUp() async throws {
        let store = Store()
        let resource = AuditResource(trail: trail(store), results: Results(nil))
        let request = ServerRequest(
            method: "POST",
            path: "/",
            headers: RequestHeaders([("Content-Type", "application/json")]),
            body: Array(#"{"older_than": "1h"}"#.utf8)
        )
        let done = try await resource.cleanUp(request)
        #expect(done.status == 200)
        #expect(String(decoding: done.body, as: UTF8.self) == "{\"audit_entries_deleted\":8,\"runs_deleted\":7}\n")
        store.fence()
        let refused = try await resource.cleanUp(request)
        #expect(refused.status == 409)
        #expect(
            String(decoding: refused.body, as: UTF8.self).contains("commit to test: a newer process has claimed it")
        )
        #expect([done.audited, refused.audited] == ["older_than_seconds=3600.0", "older_than_seconds=3600.0"])
    }

    @Test("without a store the last calls are remembered, in pages, and can be trimmed")
    func memory() async throws {
        let trail = trail(nil)
        for number in 1...AuditTrail.capacity + 10 { trail.note(Self.call(number)) }
        var times: [Double] = []
        var before: String?
        repeat {
            let page = try #require(try await trail.page(before: before, limit: 300))
            times += page.entries.map(\.time)
            before = page.next
        } while before != nil
        #expect(times == (11...AuditTrail.capacity + 10).reversed().map(Double.init))
        for cursor in ["x", "0", "-5", "+5"] { #expect(try await trail.page(before: cursor, limit: 1) == nil) }
        #expect(try await trail.trim(before: 1_000) == TrimmedCounts(runs: 0, auditEntries: 989))
        #expect(try await trail.page(before: nil, limit: 300)?.entries.count == 11)
    }
}
