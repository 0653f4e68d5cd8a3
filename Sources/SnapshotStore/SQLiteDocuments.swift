import Foundation
import GRDB

/// The documents of a database file, within a transaction of it.
enum SQLiteDocuments {
    /// Reads all documents; those that cannot be read are set aside.
    static func restore(into snapshot: inout StoredSnapshot, from database: Database, time: Double) throws {
        for name in try String.fetchAll(database, sql: "SELECT name FROM documents ORDER BY name") {
            switch try value(of: name, in: database) {
            case .success(let value): snapshot.documents[name] = value
            case .failure(let refusal):
                let subject = RefusedValue.subject(ofDocument: name)
                snapshot.refused.append(RefusedValue(subject: subject, reason: refusal.reason))
                try database.execute(
                    sql: """
                        INSERT INTO refused (benchmark, refused_at, reason, value)
                        SELECT ?, ?, ?, value FROM documents WHERE name = ?
                        """,
                    arguments: [subject, time, refusal.reason, name]
                )
                try database.execute(sql: "DELETE FROM documents WHERE name = ?", arguments: [name])
            }
        }
    }

    /// Writes those of `documents` that are not older than what is stored.
    static func write(_ documents: [VersionedDocument], fence: Int64, to database: Database) throws {
        for document in documents {
            try database.execute(
                sql: """
                    INSERT INTO documents VALUES (?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE
                    SET fence = excluded.fence, sequence = excluded.sequence, value = excluded.value
                    WHERE (fence, sequence) <= (excluded.fence, excluded.sequence)
                    """,
                arguments: [document.name, fence, document.sequence, Data(document.value)]
            )
        }
    }

    private static func value(of name: String, in database: Database) throws -> Result<[UInt8], RefusedFormat> {
        let length = try Int.fetchOne(
            database,
            sql: "SELECT length(value) FROM documents WHERE name = ?",
            arguments: [name]
        )
        if let length, length > StoredValue.maximumSize { return .failure(.tooLong(length)) }
        let value = try Data.fetchOne(database, sql: "SELECT value FROM documents WHERE name = ?", arguments: [name])
        return StoredValue.checkDocument(Array(value ?? Data()))
    }
}
