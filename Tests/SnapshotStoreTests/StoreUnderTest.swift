import BenchmarkModel
import ExporterTestSupport
import Foundation
import GRDB
import NIOCore
import NIOPosix
import RedisClient
import Synchronization

@testable import SnapshotStore

/// The kinds of store, all of which keep the same promises.
enum StoreKind: CaseIterable, Sendable {
    case sqlite, redis

    /// A real store with nothing in it.
    func make() async throws -> any StoreUnderTest {
        switch self {
        case .sqlite: try SQLiteUnderTest()
        case .redis: RedisUnderTest(server: try await RedisServer.start())
        }
    }
}

/// A real store, seen from behind.
protocol StoreUnderTest: Sendable {
    /// Another process's way to the same store; `now` is its wall clock in seconds.
    func connect(now: Double) -> any SnapshotStore
    /// A way to look into the store without owning it.
    var reader: any SnapshotReader { get }
    /// The version of every run of the history of `benchmark`, in order of writing.
    func history(of benchmark: String) async throws -> [StateVersion]
    /// Puts bytes in the place of the stored state.
    func plant(_ bytes: [UInt8], as benchmark: String) async throws
    /// Puts bytes in the place of a stored document.
    func plant(document: [UInt8], named name: String) async throws
    /// Appends bytes to the history as a run of `benchmark`.
    func plantRun(_ bytes: [UInt8], of benchmark: String, completedAt: Double) async throws
    /// What was set aside of `benchmark`.
    func setAside(_ benchmark: String) async throws -> [UInt8]?
}

/// Thirty days.
let retention = Duration.seconds(30 * 86_400)

struct SQLiteUnderTest: StoreUnderTest {
    let directory: TemporaryDirectory
    var path: String { directory.file("state.db") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    func connect(now: Double) -> any SnapshotStore {
        SQLiteSnapshotStore(path: path, retention: retention) { now }
    }

    var reader: any SnapshotReader { SQLiteSnapshotReader(path: path) }

    func history(of benchmark: String) async throws -> [StateVersion] {
        let values = try await DatabaseQueue.waiting(path).read { database in
            try Data.fetchAll(
                database,
                sql: "SELECT value FROM runs WHERE benchmark = ? ORDER BY id",
                arguments: [benchmark]
            )
        }
        return try values.map { try StoredRun(encoded: Array($0)).stateVersion }
    }

    func plant(_ bytes: [UInt8], as benchmark: String) async throws {
        try await DatabaseQueue.waiting(path).write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO states VALUES (?, 0, 0, 0, ?)",
                arguments: [benchmark, Data(bytes)]
            )
        }
    }

    func plant(document: [UInt8], named name: String) async throws {
        try await DatabaseQueue.waiting(path).write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO documents VALUES (?, 0, 0, ?)",
                arguments: [name, Data(document)]
            )
        }
    }

    func plantRun(_ bytes: [UInt8], of benchmark: String, completedAt: Double) async throws {
        try await DatabaseQueue.waiting(path).write { database in
            try database.execute(
                sql: "INSERT INTO runs (benchmark, completed_at, value) VALUES (?, ?, ?)",
                arguments: [benchmark, completedAt, Data(bytes)]
            )
        }
    }

    func setAside(_ benchmark: String) async throws -> [UInt8]? {
        try await DatabaseQueue.waiting(path).read { database in
            try Data.fetchOne(database, sql: "SELECT value FROM refused WHERE benchmark = ?", arguments: [benchmark])
                .map { Array($0) }
        }
    }
}

struct RedisUnderTest: StoreUnderTest {
    let server: RedisServer
    let keys = RedisKeys(instance: "assistant-0")

    func connect(now: Double) -> any SnapshotStore {
        store(now: now)
    }

    func store(now: Double, operationTimeout: Duration = .seconds(20)) -> RedisSnapshotStore {
        RedisSnapshotStore(
            address: RedisAddress(host: "127.0.0.1", port: server.port),
            instance: "assistant-0",
            retention: retention,
            lookup: { host, port, _ in [try SocketAddress(ipAddress: host, port: port)] },
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(),
            operationTimeout: operationTimeout,
            now: { now }
        )
    }

    var reader: any SnapshotReader {
        RedisSnapshotReader(
            address: RedisAddress(host: "127.0.0.1", port: server.port),
            instance: "assistant-0",
            lookup: { host, port, _ in [try SocketAddress(ipAddress: host, port: port)] },
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(),
            operationTimeout: .seconds(20)
        )
    }

    func history(of benchmark: String) async throws -> [StateVersion] {
        guard case .array(let entries) = try await send(["XRANGE", keys.runs, "-", "+"]) else { return [] }
        return try entries.compactMap { entry in
            guard case .array(let parts) = entry, case .array(let fields)? = parts.last, fields.count == 4,
                fields[1].text == benchmark, case .bulk(let value) = fields[3]
            else { return nil }
            return try StoredRun(encoded: value).stateVersion
        }
    }

    func plant(_ bytes: [UInt8], as benchmark: String) async throws {
        try await send([Array("HSET".utf8), Array(keys.state.utf8), Array(benchmark.utf8), bytes])
    }

    func plant(document: [UInt8], named name: String) async throws {
        let value = Array("0 0\n".utf8) + document
        try await send([Array("HSET".utf8), Array(keys.documents.utf8), Array(name.utf8), value])
    }

    func plantRun(_ bytes: [UInt8], of benchmark: String, completedAt: Double) async throws {
        let words = ["XADD", keys.runs, "*", "benchmark", benchmark, "run"].map { Array($0.utf8) }
        try await send(words + [bytes])
    }

    func setAside(_ benchmark: String) async throws -> [UInt8]? {
        guard case .bulk(let bytes) = try await send(["HGET", keys.refused, benchmark]) else { return nil }
        return bytes
    }

    @discardableResult
    func send(_ command: [String]) async throws -> RedisValue {
        try await send(command.map { Array($0.utf8) })
    }

    @discardableResult
    func send(_ command: [[UInt8]]) async throws -> RedisValue {
        let deadline = NIODeadline.now() + .seconds(20)
        let connection = try await RedisConnection.connect(
            to: RedisAddress(host: "127.0.0.1", port: server.port),
            on: MultiThreadedEventLoopGroup.singleton.any(),
            lookup: { host, port, _ in [try SocketAddress(ipAddress: host, port: port)] },
            deadline: deadline
        )
        let reply = try await connection.send(command, deadline: deadline).reply
        await connection.close()
        return reply
    }
}

extension StoredRun {
    fileprivate init(encoded bytes: [UInt8]) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "+Inf",
            negativeInfinity: "-Inf",
            nan: "NaN"
        )
        self = try decoder.decode(StoredRun.self, from: Data(bytes))
    }

    fileprivate var stateVersion: StateVersion { StateVersion(epoch: epoch, sequence: sequence) }
}

extension CommitBatch {
    /// The commit of `benchmark` after its runs `sequences`, of which the last is that of its state.
    static func runs(_ sequences: ClosedRange<Int64>, of benchmark: String, epoch: Int64 = 1) -> CommitBatch {
        CommitBatch(
            states: [.sample(benchmark, epoch: epoch, sequence: sequences.upperBound)],
            runs: sequences.map { sequence in
                VersionedRun(version: StateVersion(epoch: epoch, sequence: sequence), summary: .sample(benchmark))
            }
        )
    }
}

/// The versions of an epoch.
func versions(_ sequences: ClosedRange<Int64>, epoch: Int64 = 1) -> [StateVersion] {
    sequences.map { StateVersion(epoch: epoch, sequence: $0) }
}

extension DatabaseQueue {
    /// A connection of a test's own, which waits while the store's last one is taken apart.
    static func waiting(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
