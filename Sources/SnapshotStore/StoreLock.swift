import Foundation

/// A file that says whether a process is using a store on this machine.
///
/// Every exporter holds it together with the others; whoever wants to change the store without one holds it alone. The
/// kernel keeps the lock and drops it with the process, so that of one that was killed is gone at once.
package final class StoreLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// The lock of an exporter on the file at `path`; `nil` where the task is cancelled first.
    ///
    /// Waits for one who holds it alone, which is for a moment only. Throws where the file can be neither made nor opened.
    package static func shared(_ path: String) async throws(StoreError) -> StoreLock? {
        // The thread hands over a number, not the lock: what it might still hold for a moment would be held by nobody.
        let queue = BlockingQueue(label: "store-lock")
        guard let attempt = await queue.run({ attempt(path, LOCK_SH) }) else { return nil }
        return try lock(attempt, path)
    }

    /// The lock of one who has the store for itself; `nil` where somebody uses the store.
    ///
    /// Throws where the file can be neither made nor opened, so that nobody knows whether the store is in use.
    package static func exclusive(_ path: String) throws(StoreError) -> StoreLock? {
        try lock(attempt(path, LOCK_EX | LOCK_NB), path)
    }

    private enum Attempt {
        /// The descriptor of the file, which holds the lock.
        case locked(Int32)
        case inUse
        /// The number of the error.
        case failed(Int32)
    }

    private static func lock(_ attempt: Attempt, _ path: String) throws(StoreError) -> StoreLock? {
        switch attempt {
        case .locked(let descriptor): return StoreLock(descriptor: descriptor)
        case .inUse: return nil
        case .failed(let reason): throw StoreError(.failed, .lock, of: path, answer: String(cString: strerror(reason)))
        }
    }

    private static func attempt(_ path: String, _ operation: Int32) -> Attempt {
        var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        let reason = errno
        // A lock needs no right to write: the file may be one that another user has made.
        if descriptor < 0 { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return .failed(reason) }
        while flock(descriptor, operation) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            close(descriptor)
            return reason == EWOULDBLOCK ? .inUse : .failed(reason)
        }
        return .locked(descriptor)
    }
}
