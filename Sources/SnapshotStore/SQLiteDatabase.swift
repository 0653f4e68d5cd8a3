import BenchmarkModel
import Foundation
import GRDB

/// The database file of a store, with calls that block until the disk has answered.
///
/// WAL with `synchronous = FULL`: when a transaction has returned, it survives a power cut.
struct SQLiteDatabase: Sendable {
    /// Why a file is none of ours.
    struct ForeignFile: Error, CustomStringConvertible {
        let description: String
    }

    /// A newer process has claimed the file.
    struct Fenced: Error, CustomStringConvertible {
        var description: String { "a newer process has claimed it" }
    }

    /// `AIBe` in ASCII, the mark of our files in the header of SQLite's format.
    private static let applicationID: Int32 = 0x4149_4265

    private let queue: DatabaseQueue

    /// Opens the file at `path`, which is made where there is none.
    ///
    /// Throws `ForeignFile` for a database that is none of ours, and SQLite's error for what is damaged or no database.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(2)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read(Self.refuseForeign)
        try Self.schema.migrate(queue)
    }

    /// A connection to the file at `path`, or at an URL of SQLite's, for one who only looks.
    static func readOnly(path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { database in
            try refuseForeign(database)
            guard try schema.hasCompletedMigrations(database) else {
                throw ForeignFile(description: "nothing has been stored in it yet")
            }
        }
        return queue
    }

    private static func refuseForeign(_ database: Database) throws {
        let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id")
        let entries = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
        guard owner == applicationID || entries == 0 else {
            throw ForeignFile(description: "it is a database of another program")
        }
        guard try !schema.hasBeenSuperseded(database) else {
            throw ForeignFile(description: "a later version of this program wrote it")
        }
    }

    /// Does `body` in a transaction.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try queue.write(body)
    }

    /// Does `body`, which only looks, beside whoever writes.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try queue.read(body)
    }

    func close() throws {
        try queue.close()
    }

    private static var schema: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    PRAGMA application_id = \(applicationID);
                    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE states (
                        benchmark TEXT PRIMARY KEY, fence INTEGER NOT NULL, epoch INTEGER NOT NULL,
                        sequence INTEGER NOT NULL, value BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE runs (
                        id INTEGER PRIMARY KEY, benchmark TEXT NOT NULL, completed_at REAL NOT NULL, value BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX runs_by_benchmark ON runs (benchmark, completed_at);
                    CREATE INDEX runs_by_time ON runs (completed_at);
                    CREATE TABLE refused (
                        id INTEGER PRIMARY KEY, benchmark TEXT NOT NULL, refused_at REAL NOT NULL, reason TEXT NOT NULL,
                        value BLOB NOT NULL
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("documents") { database in
            try database.execute(
                sql: """
                    CREATE TABLE documents (
                        name TEXT PRIMARY KEY, fence INTEGER NOT NULL, sequence INTEGER NOT NULL, value BLOB NOT NULL
                    ) STRICT;
                    """
            )
        }
        migrator.registerMigration("audit") { database in
            try database.execute(
                sql: """
                    CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, value BLOB NOT NULL) STRICT;
                    CREATE INDEX audit_by_time ON audit (time);
                    """
            )
        }
        return migrator
    }
}

extension SQLiteDatabase {
    /// Takes the next fence, which is at least `floor`, and reads all states; those that cannot be read are set aside.
    func restore(atLeast floor: Int64, time: Double) throws -> StoredSnapshot {
        try queue.write { database in
            let fence = max(floor, try Self.fence(database) + 1)
            try database.execute(sql: "INSERT OR REPLACE INTO meta VALUES ('fence', ?)", arguments: [fence])
            var snapshot = StoredSnapshot(fence: fence, session: StoreSession(number: 0))
            let names = try String.fetchAll(database, sql: "SELECT benchmark FROM states ORDER BY benchmark")
            for name in names {
                switch try Self.state(of: name, in: database) {
                case .success(let stored): snapshot.states[name] = stored.state
                case .failure(let refusal):
                    snapshot.refused.append(RefusedValue(subject: name, reason: refusal.reason))
                    try database.execute(
                        sql: """
                            INSERT INTO refused (benchmark, refused_at, reason, value)
                            SELECT benchmark, ?, ?, value FROM states WHERE benchmark = ?
                            """,
                        arguments: [time, refusal.reason, name]
                    )
                    try database.execute(sql: "DELETE FROM states WHERE benchmark = ?", arguments: [name])
                }
            }
            snapshot.acknowledged = Set(snapshot.states.keys)
            try SQLiteDocuments.restore(into: &snapshot, from: database, time: time)
            return snapshot
        }
    }

    /// Writes a batch in one transaction; `trimBefore` is the time, in seconds since 1970, before which runs go away.
    func commit(_ batch: CommitBatch, fence: Int64, trimBefore: Double?) throws {
        try queue.write { database in
            let owner = try Self.fence(database)
            guard owner <= fence else { throw Fenced() }
            if owner < fence {
                try database.execute(sql: "INSERT OR REPLACE INTO meta VALUES ('fence', ?)", arguments: [fence])
            }
            for run in batch.runs {
                let order = try Self.order(of: run.summary.benchmark, in: database)
                if let order, StoredOrder(fence: fence, version: run.version) <= order { continue }
                try database.execute(
                    sql: "INSERT INTO runs (benchmark, completed_at, value) VALUES (?, ?, ?)",
                    arguments: [
                        run.summary.benchmark, run.summary.completedAt,
                        Data(try StoredValue.encode(StoredRun(run))),
                    ]
                )
            }
            for state in batch.states {
                let stored = StoredState(fence: fence, server: nil, state: state)
                if let order = try Self.order(of: state.benchmark, in: database), stored.order < order {
                    continue
                }
                try database.execute(
                    sql: "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        state.benchmark, fence, state.epoch, state.sequence,
                        Data(try StoredValue.encode(stored)),
                    ]
                )
            }
            try SQLiteDocuments.write(batch.documents, fence: fence, to: database)
            if let trimBefore {
                try database.execute(sql: "DELETE FROM runs WHERE completed_at < ?", arguments: [trimBefore])
            }
        }
    }

    /// That of the process which owns the file; 0 where there is none.
    static func fence(_ database: Database) throws -> Int64 {
        let fence = try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'fence'") ?? 0
        return (0..<StoredValue.fenceLimit).contains(fence) ? fence : 0
    }

    private static func order(of benchmark: String, in database: Database) throws -> StoredOrder? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT fence, epoch, sequence FROM states WHERE benchmark = ?",
            arguments: [benchmark]
        )
        guard let row, let fence = Int64.fromDatabaseValue(row[0]), let epoch = Int64.fromDatabaseValue(row[1]),
            let sequence = Int64.fromDatabaseValue(row[2])
        else { return nil }
        return StoredOrder(fence: fence, version: StateVersion(epoch: epoch, sequence: sequence))
    }

    static func state(
        of benchmark: String,
        in database: Database
    ) throws -> Result<StoredState, RefusedFormat> {
        let length = try Int.fetchOne(
            database,
            sql: "SELECT length(value) FROM states WHERE benchmark = ?",
            arguments: [benchmark]
        )
        if let length, length > StoredValue.maximumSize { return .failure(.tooLong(length)) }
        let value = try Data.fetchOne(
            database,
            sql: "SELECT value FROM states WHERE benchmark = ?",
            arguments: [benchmark]
        )
        return StoredValue.decodeState(Array(value ?? Data()), of: benchmark)
    }
}
