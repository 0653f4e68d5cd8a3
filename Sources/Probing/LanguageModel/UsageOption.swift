import Synchronization

/// Whether streams are asked for with their usage: until the service has shown that it answers only without.
final class UsageOption: Sendable {
    private let known = Mutex(true)

    var isKnown: Bool { known.withLock(\.self) }

    /// The service does not know the option.
    func refuse() {
        known.withLock { $0 = false }
    }
}
