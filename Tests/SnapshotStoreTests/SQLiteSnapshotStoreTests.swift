import BenchmarkModel
import ExporterTestSupport
import Foundation
import GRDB
import Testing

@testable import SnapshotStore

@Suite("SQLite snapshot store", .timeLimit(.minutes(1)))
struct SQLiteSnapshotStoreTests {
    private let test: SQLiteUnderTest
    private var place: String { "\(test.path).refused-1700000000" }

    init() throws {
        test = try SQLiteUnderTest()
    }

    @Test("a file that is no database is set aside, and a new one begun")
    func notADatabase() async throws {
        let text = Data(String(repeating: "not a database ", count: 1_000).utf8)
        try text.write(to: URL(fileURLWithPath: test.path))
        let store = test.connect(now: noon)
        let reason = "file is not a database; it is now \(place)"
        #expect(try await store.restore().refused == [RefusedValue(subject: test.path, reason: reason)])
        #expect(try Data(contentsOf: URL(fileURLWithPath: place)) == text)
        _ = try await store.commit(.runs(1...1, of: "a"))
        #expect(try await test.connect(now: noon).restore().states["a"] == .sample("a", sequence: 1))
    }

    @Test("the database of another program is set aside whole")
    func foreignDatabase() async throws {
        try await DatabaseQueue.waiting(test.path).write { database in
            try database.execute(sql: "CREATE TABLE states (dashboard TEXT); INSERT INTO states VALUES ('x')")
        }
        let reason = "it is a database of another program; it is now \(place)"
        #expect(
            try await test.connect(now: noon).restore().refused == [RefusedValue(subject: test.path, reason: reason)]
        )
        #expect(
            try await DatabaseQueue.waiting(place).read { try String.fetchOne($0, sql: "SELECT * FROM states") } == "x"
        )
    }

    @Test("a database of a later version is set aside")
    func laterVersion() async throws {
        _ = try await test.connect(now: noon).restore()
        try await DatabaseQueue.waiting(test.path).write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
        }
        let reason = "a later version of this program wrote it; it is now \(place)"
        #expect(
            try await test.connect(now: noon).restore().refused == [RefusedValue(subject: test.path, reason: reason)]
        )
    }

    @Test("a database without its tables is set aside")
    func missingTable() async throws {
        _ = try await test.connect(now: noon).restore()
        try await DatabaseQueue.waiting(test.path).write { try $0.execute(sql: "DROP TABLE states") }
        let reason = "no such table: states; it is now \(place)"
        #expect(
            try await test.connect(now: noon).restore().refused == [RefusedValue(subject: test.path, reason: reason)]
        )
    }

    @Test("a file that is damaged while it is open is set aside, and the new session says so")
    func damagedWhileOpen() async throws {
        let store = test.connect(now: noon)
        let session = try await store.restore().session
        #expect(try await store.commit(.runs(1...300, of: "a")) == session)
        try damagePages()
        await #expect { try await store.commit(.runs(301...301, of: "a")) } throws: { error in
            "\(error)"
                == "commit to sqlite:\(test.path): database disk image is malformed; the file was set aside as \(place)"
        }
        #expect(try await store.commit(.runs(301...301, of: "a")) != session)
        #expect(try await test.history(of: "a") == versions(301...301))
    }

    /// Overwrites every page but the first, and takes away the log from which they could be restored.
    private func damagePages() throws {
        try DatabaseQueue.waiting(test.path).inDatabase { database in
            _ = try database.checkpoint(.truncate)
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: test.path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xFF, count: Int(size) - 4_096))
        try file.close()
    }

    @Test("a hostile fence is exceeded, not added to")
    func hostileFence() async throws {
        _ = try await test.connect(now: noon).restore()
        try await DatabaseQueue.waiting(test.path).write { database in
            try database.execute(sql: "UPDATE meta SET value = 9223372036854775807")
        }
        let store = test.connect(now: noon)
        #expect(try await store.restore().fence == 1_700_000_000_000)
        _ = try await store.commit(.runs(1...1, of: "a"))
    }

    @Test("a folder that is missing is a failure that says so, until it is there")
    func missingFolder() async throws {
        let path = test.directory.file("later/state.db")
        let store = SQLiteSnapshotStore(path: path, retention: .seconds(60)) { noon }
        await #expect { try await store.restore() } throws: { error in
            "\(error)" == "restore from sqlite:\(path): unable to open database file"
        }
        try FileManager.default.createDirectory(
            atPath: test.directory.file("later"),
            withIntermediateDirectories: false
        )
        #expect(try await store.restore().states.isEmpty)
    }

    @Test("a write that another process blocks fails and is repeated")
    func busy() async throws {
        let store = test.connect(now: noon)
        _ = try await store.restore()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: test.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        await #expect { try await store.commit(.runs(1...1, of: "a")) } throws: { error in
            "\(error)" == "commit to sqlite:\(test.path): database is locked"
        }
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        _ = try await store.commit(.runs(1...1, of: "a"))
        #expect(try await test.history(of: "a") == versions(1...1))
    }

    @Test("a closed store writes nothing more")
    func closed() async throws {
        let store = test.connect(now: noon)
        _ = try await store.restore()
        await store.close()
        await #expect { try await store.commit(.runs(1...1, of: "a")) } throws: { error in
            "\(error)" == "commit to sqlite:\(test.path): it has not been claimed"
        }
    }
}
