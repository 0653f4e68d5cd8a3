import Foundation
import GRDB

/// The audit trail in the SQLite file of a store, which is opened for each call.
package struct SQLiteAuditStore: AuditStore {
    private let path: String
    private let queue = BlockingQueue(label: "sqlite-audit-store")

    /// The trail in the file at `path`, in a folder that exists.
    package init(path: String) {
        self.path = path
    }

    package func append(_ entries: [AuditEntry], trimming oldest: Double) async throws(StoreError) {
        try await perform(.commit) { database in
            for entry in entries {
                try database.execute(
                    sql: "INSERT INTO audit (time, value) VALUES (?, ?)",
                    arguments: [entry.time, Data(entry.stored)]
                )
            }
            try database.execute(sql: "DELETE FROM audit WHERE time < ?", arguments: [oldest])
        }
    }

    package func entries(before: String?, limit: Int) async throws(StoreError) -> AuditPage? {
        let last = before.map { Int64($0) } ?? .max
        guard let last else { return nil }
        return try await perform(.read) { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, CASE WHEN length(value) <= \(AuditEntry.maximumSize) THEN value END
                    FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?
                    """,
                arguments: [last, limit]
            )
            let entries = rows.compactMap { row in
                Data.fromDatabaseValue(row[1]).flatMap { AuditEntry(stored: Array($0)) }
            }
            let next = rows.last.flatMap { Int64.fromDatabaseValue($0[0]) }.map(String.init)
            return AuditPage(entries: entries, next: rows.count == limit ? next : nil)
        }
    }

    package func trim(before time: Double) async throws(StoreError) -> TrimmedCounts {
        try await perform(.commit) { database in
            try database.execute(sql: "DELETE FROM runs WHERE completed_at < ?", arguments: [time])
            let runs = database.changesCount
            try database.execute(sql: "DELETE FROM audit WHERE time < ?", arguments: [time])
            return TrimmedCounts(runs: runs, auditEntries: database.changesCount)
        }
    }

    private func perform<Value: Sendable>(
        _ operation: StoreOperation,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let path = path
        let work = { @Sendable in
            Result {
                let database = try SQLiteDatabase(path: path)
                defer { try? database.close() }
                return try database.write(body)
            }
        }
        switch await queue.run(work) {
        case .success(let value): return value
        case .failure(let failure as DatabaseError):
            let answer = failure.message ?? "SQLite error \(failure.extendedResultCode.rawValue)"
            throw StoreError(.failed, operation, of: "sqlite:\(path)", answer: answer, underlyingError: failure)
        case .failure(let failure):
            throw StoreError(.failed, operation, of: "sqlite:\(path)", answer: "\(failure)", underlyingError: failure)
        case nil: throw StoreError(.timedOut, operation, of: "sqlite:\(path)", answer: "the disk did not answer")
        }
    }
}
