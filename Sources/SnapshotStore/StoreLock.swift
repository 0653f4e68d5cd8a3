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
        // The thread hands over a number, not the lock: what it might still hold for a moment would be held by nobody.
        let queue = BlockingQueue(label: "store-lock")
        let descriptor = await queue.run { locked(path, LOCK_SH) } ?? nil
        return descriptor.map(StoreLock.init)
    }

    /// The lock of one who has the store for itself; `nil` where somebody uses the store, or the file cannot be locked.
    package static func exclusive(_ path: String) -> StoreLock? {
        locked(path, LOCK_EX | LOCK_NB).map(StoreLock.init)
    }

    /// A descriptor of the file, which holds the lock; `nil` where that cannot be had.
    private static func locked(_ path: String, _ operation: Int32) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, operation) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
