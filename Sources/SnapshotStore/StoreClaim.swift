import Synchronization

/// The fence that this process has taken, for whoever writes to the store beside the writer.
package final class StoreClaim: Sendable {
    private let claimed = Mutex<Int64?>(nil)

    package init() {}

    /// `nil` before the store was claimed.
    package var fence: Int64? { claimed.withLock(\.self) }

    func adopt(_ fence: Int64) { claimed.withLock { $0 = fence } }
}
