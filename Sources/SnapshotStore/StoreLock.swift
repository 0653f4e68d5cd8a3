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

    /// The lock of an exporter on the file at `path`; `nil` where the file cannot be locked.
    ///
    /// Waits for one who holds it alone, which is for a moment only.
    package static func shared(_ path: String) async -> StoreLock? {
        let queue = BlockingQueue(label: "store-lock")
        return await queue.run { lock(path, LOCK_SH) } ?? nil
    }

    /// The lock of one who has the store for itself; `nil` where somebody uses the store, or the file cannot be locked.
    package static func exclusive(_ path: String) -> StoreLock? {
        lock(path, LOCK_EX | LOCK_NB)
    }

    private static func lock(_ path: String, _ operation: Int32) -> StoreLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, operation) == 0 else {
            close(descriptor)
            return nil
        }
        return StoreLock(descriptor: descriptor)
    }
}
