import BenchmarkModel
import ExporterTestSupport
import Foundation
import GRDB
import NIOCore
import NIOPosix
import RedisClient
import Synchronization
import Testing

@testable import SnapshotStore

@Suite("audit stores", .timeLimit(.minutes(1)))
struct AuditStoreTests {
    /// Redis gives its entries the time of its own clock, so all is now.
    private let now = Date().timeIntervalSince1970

    private func entry(_ number: Int, at time: Double? = nil) -> AuditEntry {
        AuditEntry(
            time: time ?? now,
            token: number % 2 == 0 ? "ci \"ü\"\n" : nil,
            address: "127.0.0.1",
            method: "POST",
            path: "/run",
            parameters: "run=\(number)",
            status: 202
        )
    }

    private func numbers(_ entries: [AuditEntry]) -> [Int] {
        entries.compactMap { Int($0.parameters.dropFirst(4)) }
    }

    /// A store with nothing in it.
    private func make(_ kind: StoreKind) async throws -> any AuditStoreUnderTest {
        switch kind {
        case .sqlite: SQLiteAuditUnderTest(test: try SQLiteUnderTest())
        case .redis: RedisAuditUnderTest(test: RedisUnderTest(server: try await RedisServer.start()))
        }
    }

    @Test(
        "pages have all entries once and whole, newest first",
        arguments: StoreKind.allCases,
        [1, 3, 4, 7, 20, 1_000]
    )
    func pages(kind: StoreKind, limit: Int) async throws {
        let test = try await make(kind)
        #expect(try await test.store.entries(before: nil, limit: limit) == AuditPage())
        let entries = (0..<20).map { entry($0) }
        try await test.store.append(Array(entries[..<12]), trimming: 0)
        try await test.store.append(Array(entries[12...]), trimming: 0)
        var found: [AuditEntry] = []
        var before: String?
        repeat {
            let page = try #require(try await test.store.entries(before: before, limit: limit))
            #expect(!page.entries.isEmpty && page.entries.count <= limit)
            found += page.entries
            before = page.next
        } while before != nil
        #expect(found == entries.reversed())
    }

    @Test("entries that come while pages are read are in none of the later ones", arguments: StoreKind.allCases)
    func additionsMeanwhile(kind: StoreKind) async throws {
        let test = try await make(kind)
        try await test.store.append((0..<4).map { entry($0) }, trimming: 0)
        let first = try #require(try await test.store.entries(before: nil, limit: 2))
        try await test.store.append([entry(9)], trimming: 0)
        let second = try #require(try await test.store.entries(before: first.next, limit: 9))
        #expect(numbers(first.entries + second.entries) == [3, 2, 1, 0])
        #expect(second.next == nil)
    }

    @Test("a cursor whose entry was trimmed away goes on where it was", arguments: StoreKind.allCases)
    func trimmedUnderACursor(kind: StoreKind) async throws {
        let test = try await make(kind)
        try await test.store.append((0..<4).map { entry($0) }, trimming: 0)
        let first = try #require(try await test.store.entries(before: nil, limit: 2))
        _ = try await test.claim(now)
        _ = try await test.store.trim(before: now + 1_000)
        #expect(try await test.store.entries(before: first.next, limit: 2) == AuditPage())
        try await test.store.append([entry(9)], trimming: 0)
        #expect(try await test.store.entries(before: first.next, limit: 2) == AuditPage())
        #expect(numbers(try #require(try await test.store.entries(before: nil, limit: 2)).entries) == [9])
    }

    @Test(
        "a cursor that this store cannot have made is none",
        arguments: StoreKind.allCases,
        ["", "x", "1-", "+1-2", "1-2-3", "99999999999999999999", "(1-2", "1 OR 1", "0", "-5", "+5"]
    )
    func foreignCursor(kind: StoreKind, cursor: String) async throws {
        // Nothing listens there: such a cursor is not worth a connection.
        let redis = RedisAuditUnderTest.store(port: 1)
        let file = SQLiteAuditStore(path: try SQLiteUnderTest().path, claim: StoreClaim())
        let store: any AuditStore = kind == .redis ? redis : file
        #expect(try await store.entries(before: cursor, limit: 1) == nil)
    }

    @Test(
        "every addition removes what is too old, and so does trimming, which says how much",
        arguments: StoreKind.allCases
    )
    func trimming(kind: StoreKind) async throws {
        let test = try await make(kind)
        let snapshots = try await test.claim(now)
        var batch = CommitBatch.runs(1...3, of: "a")
        for index in batch.runs.indices { batch.runs[index].summary.completedAt = now - 100 }
        _ = try await snapshots.commit(batch)
        try await test.store.append([entry(0, at: now - 100), entry(1)], trimming: 0)
        #expect(try await test.store.trim(before: -1e12) == TrimmedCounts(runs: 0, auditEntries: 0))
        // In Redis both are as old as the clock of the server says.
        let trimmed = try await test.store.trim(before: kind == .redis ? now + 1_000 : now - 50)
        #expect(trimmed == TrimmedCounts(runs: 3, auditEntries: kind == .redis ? 2 : 1))
        try await test.store.append([entry(2)], trimming: now - 50)
        try await test.store.append([entry(3, at: now + 200)], trimming: kind == .redis ? now + 1_000 : now + 100)
        let left = try #require(try await test.store.entries(before: nil, limit: 9))
        #expect(numbers(left.entries) == (kind == .redis ? [] : [3]))
        #expect(try await test.store.trim(before: .infinity).runs == 0)
    }

    @Test("what is stored and is no entry is left out, and the pages go on behind it", arguments: StoreKind.allCases)
    func hostileValues(kind: StoreKind) async throws {
        let test = try await make(kind)
        try await test.store.append([entry(0)], trimming: 0)
        let valid = String(decoding: entry(7).stored, as: UTF8.self)
        let hostile = [
            "", "[", "{}", valid.replacing("\"version\":1", with: "\"version\":9"),
            valid.replacing("\"status\":202", with: "\"status\":-1"),
            valid.replacing("\"status\":202", with: "\"status\":1e300"),
            valid.replacing("\"method\":\"POST\"", with: "\"method\":7"),
            valid + String(repeating: " ", count: AuditEntry.maximumSize),
            String(repeating: "[", count: 60_000),
        ]
        for text in hostile { try await test.plant(Array(text.utf8)) }
        try await test.plant([0xFF, 0xFE, 0x00])
        try await test.store.append([entry(1)], trimming: 0)
        var found: [Int] = []
        var before: String?
        repeat {
            let page = try #require(try await test.store.entries(before: before, limit: 4))
            found += numbers(page.entries)
            before = page.next
        } while before != nil
        #expect(found == [1, 0])
    }

    @Test("a key of another type moves out of the way of the next entry, and an entry of another shape is left out")
    func foreignKey() async throws {
        let test = RedisUnderTest(server: try await RedisServer.start())
        let store = RedisAuditUnderTest.store(port: test.server.port)
        try await test.send(["SET", test.keys.audit, "no stream"])
        await #expect { try await store.entries(before: nil, limit: 1) } throws: { error in
            "\(error)" == "read from redis://127.0.0.1:\(test.server.port)/0: the server reported WRONGTYPE"
        }
        try await store.append([entry(1)], trimming: 0)
        try await test.send(["XADD", test.keys.audit, "*", "a", "b", "c", "d"])
        #expect(numbers(try #require(try await store.entries(before: nil, limit: 9)).entries) == [1])
        #expect(try await test.send(["GET", test.keys.foreignAudit]).text == "no stream")
        guard case .integer(let lifetime) = try await test.send(["PTTL", test.keys.audit]) else {
            throw CancellationError()
        }
        #expect((1...retention.milliseconds).contains(Int(lifetime)))
    }

    @Test(
        "what is appended again, as nobody knew whether it was stored, is not stored twice",
        arguments: StoreKind.allCases
    )
    func repeated(kind: StoreKind) async throws {
        let test = try await make(kind)
        let numbered = (1...6).map { NumberedAuditEntry(number: $0, entry: entry($0)) }
        try await test.store.append(Array(numbered[..<3]), trimming: 0)
        // With what came meanwhile, and without what had to go for it.
        try await test.store.append(Array(numbered[1..<5]), trimming: 0)
        try await test.store.append(Array(numbered[1..<5]), trimming: 0)
        // Another process counts for itself.
        try await test.anotherStore().append([NumberedAuditEntry(number: 1, entry: entry(8))], trimming: 0)
        try await test.store.append([numbered[5]], trimming: 0)
        let page = try #require(try await test.store.entries(before: nil, limit: 99))
        #expect(numbers(page.entries) == [6, 8, 5, 4, 3, 2, 1])
    }

    @Test("no more is kept than there is room for", arguments: StoreKind.allCases)
    func capacity(kind: StoreKind) async throws {
        let test = try await make(kind)
        let store = test.anotherStore(capacity: 5)
        for number in 0..<9 { try await store.append([entry(number)], trimming: 0) }
        #expect(numbers(try #require(try await store.entries(before: nil, limit: 99)).entries) == [8, 7, 6, 5, 4])
    }

    @Test(
        "only the process that owns the instance trims; before it was claimed nobody does",
        arguments: StoreKind.allCases
    )
    func fenced(kind: StoreKind) async throws {
        let test = try await make(kind)
        try await test.store.append([entry(0)], trimming: 0)
        await #expect { try await test.store.trim(before: now + 1_000) } throws: { error in
            (error as? StoreError)?.code == .failed && "\(error)".hasSuffix(": it has not been claimed")
        }
        _ = try await test.claim(now)
        _ = try await test.underlying.connect(now: now).restore()
        await #expect { try await test.store.trim(before: now + 1_000) } throws: { error in
            (error as? StoreError)?.code == .fenced && "\(error)".hasSuffix(": a newer process has claimed it")
        }
        #expect(try await test.store.entries(before: nil, limit: 9)?.entries.count == 1)
    }

    @Test("a file is trimmed in portions, between which others write, and as a whole all the same")
    func portions() async throws {
        let test = try SQLiteUnderTest()
        let claim = StoreClaim()
        claim.adopt(try await test.connect(now: now).restore().fence)
        try await DatabaseQueue.waiting(test.path).write { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
                    INSERT INTO runs (benchmark, completed_at, value) SELECT 'a', i, x'' FROM n
                    """
            )
        }
        let clock = ManualClock()
        let store = SQLiteAuditStore(path: test.path, claim: claim, clock: clock)
        async let trimmed = store.trim(before: 2_400)
        for left in [1_500, 500] {
            await clock.waitForSleepers()
            let count = try await DatabaseQueue.waiting(test.path).write { database in
                try Int.fetchOne(database, sql: "SELECT count(*) FROM runs")
            }
            #expect(count == left)
            clock.advance(by: .milliseconds(20))
        }
        #expect(try await trimmed == TrimmedCounts(runs: 2_399, auditEntries: 0))
    }

    @Test("a file is read while somebody else writes to it")
    func readingBesideWriting() async throws {
        let test = SQLiteAuditUnderTest(test: try SQLiteUnderTest())
        try await test.store.append([entry(1)], trimming: 0)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let writer = try DatabaseQueue(path: test.test.path, configuration: configuration)
        try await writer.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM audit") }
        #expect(numbers(try #require(try await test.store.entries(before: nil, limit: 9)).entries) == [1])
        try await writer.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    }

    @Test("a store that is not there says so in one sentence, and what it was asked for")
    func absent() async throws {
        let store = RedisAuditUnderTest.store(port: 1)
        await #expect { try await store.append([entry(0)], trimming: 0) } throws: { error in
            "\(error)".hasPrefix("commit to redis://127.0.0.1:1/0: ")
        }
        let directory = try TemporaryDirectory()
        let file = SQLiteAuditStore(path: directory.file("none/state.db"), claim: StoreClaim())
        await #expect { try await file.append([entry(0)], trimming: 0) } throws: { error in
            "\(error)".hasPrefix("commit to sqlite:\(directory.file("none/state.db")): ")
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int { Int(components.seconds) * 1_000 }
}

/// Of all entries that have no other number.
private let lastNumber = Mutex(0)

extension AuditStore {
    /// Adds entries that were never added before.
    fileprivate func append(_ entries: [AuditEntry], trimming oldest: Double) async throws(StoreError) {
        let numbered = lastNumber.withLock { number in
            entries.map { entry in
                number += 1
                return NumberedAuditEntry(number: number, entry: entry)
            }
        }
        try await append(numbered, trimming: oldest)
    }
}

/// A real audit store, seen from behind.
private protocol AuditStoreUnderTest: Sendable {
    var store: any AuditStore { get }
    /// The claim of `store`.
    var claim: StoreClaim { get }
    var underlying: any StoreUnderTest { get }
    /// That of another process.
    func anotherStore(capacity: Int) -> any AuditStore
    /// Appends bytes as an entry.
    func plant(_ bytes: [UInt8]) async throws
}

extension AuditStoreUnderTest {
    func anotherStore() -> any AuditStore { anotherStore(capacity: 100) }

    /// Claims the instance for the process of `store`.
    func claim(_ now: Double) async throws -> any SnapshotStore {
        let snapshots = underlying.connect(now: now)
        claim.adopt(try await snapshots.restore().fence)
        return snapshots
    }
}

private struct SQLiteAuditUnderTest: AuditStoreUnderTest {
    let test: SQLiteUnderTest
    let claim = StoreClaim()
    let store: any AuditStore

    init(test: SQLiteUnderTest) {
        self.test = test
        store = SQLiteAuditStore(path: test.path, claim: claim)
    }

    var underlying: any StoreUnderTest { test }

    func anotherStore(capacity: Int) -> any AuditStore {
        SQLiteAuditStore(path: test.path, claim: StoreClaim(), capacity: capacity)
    }

    func plant(_ bytes: [UInt8]) async throws {
        try await DatabaseQueue.waiting(test.path).write { database in
            try database.execute(sql: "INSERT INTO audit (time, value) VALUES (9e9, ?)", arguments: [Data(bytes)])
        }
    }
}

private struct RedisAuditUnderTest: AuditStoreUnderTest {
    let test: RedisUnderTest
    let claim = StoreClaim()
    let store: any AuditStore

    init(test: RedisUnderTest) {
        self.test = test
        store = Self.store(port: test.server.port, claim: claim)
    }

    static func store(port: Int, claim: StoreClaim = StoreClaim(), capacity: Int = 100) -> RedisAuditStore {
        let reader = RedisSnapshotReader(
            address: RedisAddress(host: "127.0.0.1", port: port),
            instance: "assistant-0",
            lookup: { host, port, _ in [try SocketAddress(ipAddress: host, port: port)] },
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(),
            operationTimeout: .seconds(20)
        )
        return RedisAuditStore(reader, retention: retention, claim: claim, capacity: capacity)
    }

    var underlying: any StoreUnderTest { test }

    func anotherStore(capacity: Int) -> any AuditStore {
        Self.store(port: test.server.port, capacity: capacity)
    }

    func plant(_ bytes: [UInt8]) async throws {
        try await test.send(["XADD", test.keys.audit, "*", "call"].map { Array($0.utf8) } + [bytes])
    }
}
