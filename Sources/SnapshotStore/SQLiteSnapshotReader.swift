import BenchmarkModel
import Foundation
import GRDB

/// Reads the SQLite file of a store, which another connection or another process may be writing at the same time.
///
/// In WAL readers and the writer do not wait for each other. The file is opened for each call, read-only: a damaged one
/// may have been set aside since the last.
package struct SQLiteSnapshotReader: SnapshotReader {
    private let path: String
    private let queue = BlockingQueue(label: "sqlite-snapshot-reader")

    /// A reader of the file at `path`.
    package init(path: String) {
        self.path = path
    }

    package func runs(_ query: RunQuery) async throws(StoreError) -> RunPage {
        try await read { database in try Self.runs(query, in: database) }
    }

    package func states() async throws(StoreError) -> StoredStates {
        try await read { database in
            var result = StoredStates()
            for name in try String.fetchAll(database, sql: "SELECT benchmark FROM states ORDER BY benchmark") {
                switch try SQLiteDatabase.state(of: name, in: database) {
                case .success(let stored): result.states[name] = stored.state
                case .failure(let refusal):
                    result.refused.append(RefusedValue(subject: name, reason: refusal.reason))
                }
            }
            return result
        }
    }

    private static func runs(_ query: RunQuery, in database: Database) throws -> RunPage {
        var conditions = ["completed_at >= :since"]
        // One more, which tells whether there is another page.
        var arguments: StatementArguments = ["since": query.since, "limit": query.limit + 1]
        if let benchmark = query.benchmark {
            conditions.append("benchmark = :benchmark")
            arguments += ["benchmark": benchmark]
        }
        if let before = query.before {
            conditions.append("(completed_at, id) < (:time, :id)")
            arguments += ["time": Double(bitPattern: before.major), "id": Int64(bitPattern: before.minor)]
        }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT completed_at, id, CASE WHEN length(value) <= \(StoredValue.maximumSize) THEN value END
                FROM runs WHERE \(conditions.joined(separator: " AND "))
                ORDER BY completed_at DESC, id DESC LIMIT :limit
                """,
            arguments: arguments
        )
        var page = RunPage()
        var last: RunPosition?
        var count = 0
        var bytes = 0
        while let row = try rows.next() {
            guard let time = Double.fromDatabaseValue(row[0]), let id = Int64.fromDatabaseValue(row[1]) else {
                continue
            }
            if count == query.limit || bytes > RunQuery.pageBytes {
                page.next = last
                break
            }
            let position = RunPosition(major: time.bitPattern, minor: UInt64(bitPattern: id))
            let value = Data.fromDatabaseValue(row[2]).map { Array($0) }
            page.add(value, at: position, for: query)
            last = position
            count += 1
            bytes += value?.count ?? 0
        }
        return page
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let path = path
        switch await queue.run({ Result { try SQLiteDatabase.look(into: path, body) } }) {
        case .success(let value): return value
        case .failure(let failure as DatabaseError):
            let answer = failure.message ?? "SQLite error \(failure.extendedResultCode.rawValue)"
            throw error(.failed, answer, failure)
        case .failure(let failure): throw error(.failed, "\(failure)", failure)
        case nil: throw error(.timedOut, "the disk did not answer", nil)
        }
    }

    private func error(_ code: StoreError.Code, _ answer: String, _ underlyingError: (any Error)?) -> StoreError {
        StoreError(code, .read, of: "sqlite:\(path)", answer: answer, underlyingError: underlyingError)
    }
}
