import Foundation
import GRDB

/// The audit trail in the SQLite file of a store, which is opened for each call.
package struct SQLiteAuditStore: AuditStore {
    /// The most rows that one transaction removes, so that no commit waits for long.
    private static let portion = 1_000

    private let path: String
    private let claim: StoreClaim
    private let capacity: Int
    private let clock: any Clock<Duration>
    /// Tells the numbers of this process from those of others.
    private let writer = Int64.random(in: 1 ... .max)
    private let queue = BlockingQueue(label: "sqlite-audit-store")

    /// The trail in the file at `path`, in a folder that exists; `capacity` is the most that it keeps.
    package init(
        path: String,
        claim: StoreClaim,
        capacity: Int = AuditEntry.maximumStored,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.path = path
        self.claim = claim
        self.capacity = capacity
        self.clock = clock
    }

    package func append(_ entries: [NumberedAuditEntry], trimming oldest: Double) async throws(StoreError) {
        let (writer, capacity) = (writer, capacity)
        try await perform(.commit) { database in
            try database.write { database in
                let last = try Self.lastNumber(of: writer, in: database)
                for numbered in entries where numbered.number > last {
                    try database.execute(
                        sql: "INSERT INTO audit (time, value) VALUES (?, ?)",
                        arguments: [numbered.entry.time, Data(numbered.entry.stored)]
                    )
                }
                try database.execute(
                    sql: "INSERT OR REPLACE INTO meta VALUES ('audit_writer', ?), ('audit_number', ?)",
                    arguments: [writer, max(last, entries.last?.number ?? 0)]
                )
                try Self.remove("time < ?", oldest, from: "audit", in: database)
                try Self.remove("id <= (SELECT max(id) FROM audit) - ?", capacity, from: "audit", in: database)
            }
        }
    }

    /// 0 where another process was the last to write.
    private static func lastNumber(of writer: Int64, in database: Database) throws -> Int {
        let last = try Int64.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'audit_writer'")
        guard last == writer else { return 0 }
        return try Int.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'audit_number'") ?? 0
    }

    /// Removes a portion of the rows for which `condition` holds of `value`; returns how many.
    @discardableResult
    private static func remove(
        _ condition: String,
        _ value: some DatabaseValueConvertible,
        from table: String,
        in database: Database
    ) throws -> Int {
        try database.execute(
            sql: "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE \(condition) LIMIT \(portion))",
            arguments: [value]
        )
        return database.changesCount
    }

    package func entries(before: String?, limit: Int) async throws(StoreError) -> AuditPage? {
        let last = before.map { Int64(auditCursor: $0) } ?? .max
        guard let last else { return nil }
        return try await perform(.read) { database in
            let rows = try database.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, CASE WHEN length(value) <= \(AuditEntry.maximumSize) THEN value END
                        FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?
                        """,
                    // One more, which tells whether there is another page.
                    arguments: [last, limit + 1]
                )
            }
            let page = rows.prefix(limit)
            let entries = page.compactMap { row in
                Data.fromDatabaseValue(row[1]).flatMap { AuditEntry(stored: Array($0)) }
            }
            let next = page.last.flatMap { Int64.fromDatabaseValue($0[0]) }.map(String.init)
            return AuditPage(entries: entries, next: rows.count > limit ? next : nil)
        }
    }

    package func trim(before time: Double) async throws(StoreError) -> TrimmedCounts {
        TrimmedCounts(
            runs: try await trim("runs", where: "completed_at < ?", time),
            auditEntries: try await trim("audit", where: "time < ?", time)
        )
    }

    /// Removes all rows of a table for which `condition` holds of `time`, in portions between which others get to write.
    private func trim(_ table: String, where condition: String, _ time: Double) async throws(StoreError) -> Int {
        guard let fence = claim.fence else { throw error(.failed, .commit, "it has not been claimed") }
        var count = 0
        while true {
            let removed = try await perform(.commit) { database in
                try database.write { database in
                    guard try SQLiteDatabase.fence(database) <= fence else { throw SQLiteDatabase.Fenced() }
                    return try Self.remove(condition, time, from: table, in: database)
                }
            }
            count += removed
            guard removed == Self.portion else { return count }
            do {
                try await clock.sleep(for: .milliseconds(20))
            } catch {
                return count
            }
        }
    }

    private func perform<Value: Sendable>(
        _ operation: StoreOperation,
        _ body: @escaping @Sendable (SQLiteDatabase) throws -> Value
    ) async throws(StoreError) -> Value {
        let path = path
        let work = { @Sendable in
            Result {
                let database = try SQLiteDatabase(path: path)
                defer { try? database.close() }
                return try body(database)
            }
        }
        switch await queue.run(work) {
        case .success(let value): return value
        case .failure(let failure as SQLiteDatabase.Fenced): throw error(.fenced, operation, "\(failure)", failure)
        case .failure(let failure as DatabaseError):
            let answer = failure.message ?? "SQLite error \(failure.extendedResultCode.rawValue)"
            throw error(.failed, operation, answer, failure)
        case .failure(let failure): throw error(.failed, operation, "\(failure)", failure)
        case nil: throw error(.timedOut, operation, "the disk did not answer")
        }
    }

    private func error(
        _ code: StoreError.Code,
        _ operation: StoreOperation,
        _ answer: String,
        _ underlyingError: (any Error)? = nil
    ) -> StoreError {
        StoreError(code, operation, of: "sqlite:\(path)", answer: answer, underlyingError: underlyingError)
    }
}
