import Foundation
import GRDB

// HOW TO LOOK INTO A FILE
//
// In WAL also a reader writes: beside the file it makes the log and an index of it, where an exporter that has stopped in
// order has left none. One who may not write in the folder could not look at all, and one who may would leave two
// files behind. So a file without a log is opened as one that does not change. Whoever begins to write makes a log first,
// and changes the file only from there: what was read counts if there still is no log and the file is the same, and is
// read again, beside the writer, if not. So it is where a library that was built without URIs cannot open it like that.
//
// The log lies beside the file itself, and not beside a link to it.

extension SQLiteDatabase {
    /// What `body` finds in the file at `path`: nothing is made, claimed or set aside.
    ///
    /// Throws what `body` throws, `ForeignFile` and SQLite's errors. `body` may be called twice.
    static func look<Value>(into path: String, _ body: (Database) throws -> Value) throws -> Value {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        if let before = StillFile(file.path) {
            let result = Result { try read(file.absoluteString + "?immutable=1", body) }
            if StillFile(file.path) == before {
                do {
                    return try result.get()
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {}
            }
        }
        return try read(path, body)
    }

    private static func read<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
        let queue = try readOnly(path: path)
        defer { try? queue.close() }
        return try queue.read(body)
    }
}

/// A database file that nobody is writing, and what a change of it would change.
private struct StillFile: Equatable {
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// `nil` where there is a log beside the file, or no file.
    init?(_ path: String) {
        var status = stat()
        guard stat("\(path)-wal", &status) != 0, errno == ENOENT, stat(path, &status) == 0 else { return nil }
        inode = status.st_ino
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
