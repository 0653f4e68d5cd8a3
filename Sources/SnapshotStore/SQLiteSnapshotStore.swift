import BenchmarkModel
import Foundation
import GRDB

/// A store in an SQLite file.
///
/// The file is that of one exporter; the name of the instance does not matter, so a host may change its name. A file that
/// is none of ours or is damaged is renamed to `….refused-<time>`, and a new one is begun.
package actor SQLiteSnapshotStore: SnapshotStore {
    /// The shortest time between two removals of old runs, in seconds.
    private static let trimInterval = 60.0

    private let path: String
    private let retention: Duration
    private let now: @Sendable () -> Double
    private let claim: StoreClaim
    private let queue = BlockingQueue(label: "sqlite-snapshot-store")
    private var database: SQLiteDatabase?
    private var fence: Int64?
    private var session = StoreSession(number: 0)
    private var trimmedAt = -Double.infinity

    /// The store in the file at `path`, in a folder that exists; nothing is opened before `restore`.
    ///
    /// `claim` is told the fence; `now` is in seconds since 1970.
    package init(
        path: String,
        retention: Duration,
        claim: StoreClaim = StoreClaim(),
        now: @escaping @Sendable () -> Double
    ) {
        self.path = path
        self.retention = retention
        self.claim = claim
        self.now = now
    }

    package func restore() async throws(StoreError) -> StoredSnapshot {
        let (path, time) = (path, now())
        let (database, snapshot) = try await perform(.restore) {
            try Self.open(path, claiming: milliseconds(time), time: time)
        }
        return adopt(database, snapshot)
    }

    package func commit(_ batch: CommitBatch) async throws(StoreError) -> StoreSession {
        guard let database, let fence else { throw error(.fenced, .commit, "it has not been claimed") }
        let time = now()
        let isTrimDue = time - trimmedAt >= Self.trimInterval
        let trimBefore = isTrimDue ? time - retention.seconds : nil
        do throws(StoreError) {
            try await perform(.commit) { try database.commit(batch, fence: fence, trimBefore: trimBefore) }
        } catch {
            guard let damage = error.underlyingError as? DatabaseError, damage.isDamage else { throw error }
            try await beginAnew(after: damage, fence: fence)
        }
        if isTrimDue { trimmedAt = time }
        return session
    }

    package func close() async {
        guard let database else { return }
        self.database = nil
        _ = await queue.run { try? database.close() }
    }

    private func adopt(_ database: SQLiteDatabase, _ snapshot: StoredSnapshot) -> StoredSnapshot {
        self.database = database
        fence = snapshot.fence
        claim.adopt(snapshot.fence)
        var snapshot = snapshot
        snapshot.session = session
        return snapshot
    }

    /// Sets the damaged file aside, and reports that as the failure of a commit; the new session of the next one makes
    /// its caller commit everything again.
    private func beginAnew(after damage: DatabaseError, fence: Int64) async throws(StoreError) {
        let (path, time, damaged) = (path, now(), database)
        let (place, opened) = try await perform(.commit) {
            try? damaged?.close()
            return (try Self.setAside(path, time: time), try Self.open(path, claiming: fence, time: time))
        }
        session.number += 1
        _ = adopt(opened.0, opened.1)
        throw error(.failed, .commit, "\(damage.reason); the file was set aside as \(place)")
    }

    private func perform<Value: Sendable>(
        _ operation: StoreOperation,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(StoreError) -> Value {
        switch await queue.run({ Result(catching: work) }) {
        case .success(let value): return value
        case .failure(let failure as SQLiteDatabase.Fenced):
            throw error(.fenced, operation, "\(failure)", failure)
        case .failure(let failure as DatabaseError): throw error(.failed, operation, failure.reason, failure)
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

// MARK: Files; these calls block

extension SQLiteSnapshotStore {
    /// Opens, claims and reads the file; one that is none of ours makes room for a new one.
    private static func open(
        _ path: String,
        claiming fence: Int64,
        time: Double
    ) throws -> (SQLiteDatabase, StoredSnapshot) {
        func attempt() throws -> (SQLiteDatabase, StoredSnapshot) {
            let database = try SQLiteDatabase(path: path)
            return (database, try database.restore(atLeast: fence, time: time))
        }
        do {
            return try attempt()
        } catch {
            guard let reason = refusal(error) else { throw error }
            let place = try setAside(path, time: time)
            let (database, restored) = try attempt()
            var snapshot = restored
            snapshot.refused.append(RefusedValue(subject: path, reason: "\(reason); it is now \(place)"))
            return (database, snapshot)
        }
    }

    /// Why the file cannot be ours, for an error that says so.
    private static func refusal(_ error: any Error) -> String? {
        switch error {
        case let foreign as SQLiteDatabase.ForeignFile: foreign.description
        case let error as DatabaseError where error.isDamage || error.resultCode == .SQLITE_ERROR: error.reason
        case is RowDecodingError: "a value in it has the wrong type"
        default: nil
        }
    }

    /// Renames the file and what SQLite keeps beside it, and returns its new path.
    private static func setAside(_ path: String, time: Double) throws(FileError) -> String {
        let place = "\(path).refused-\(milliseconds(time) / 1_000)"
        guard rename(path, place) == 0 else { throw FileError(call: "rename", number: errno) }
        for suffix in ["-wal", "-shm"] { rename(path + suffix, place + suffix) }
        return place
    }
}

extension DatabaseError {
    /// Whether the file is no database or is damaged.
    fileprivate var isDamage: Bool {
        resultCode == .SQLITE_NOTADB || resultCode == .SQLITE_CORRUPT
    }

    fileprivate var reason: String {
        message ?? "SQLite error \(extendedResultCode.rawValue)"
    }
}
