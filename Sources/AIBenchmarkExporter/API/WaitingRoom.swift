import Probing
import Synchronization

/// Those who wait for the end of something: a few at once, and each for a while.
///
/// Nobody can tell whether a client that waits is still there, so what waiting costs must not depend on it.
final class WaitingRoom: Sendable {
    /// The most who wait at once.
    static let capacity = 16
    /// The longest that one waits.
    static let patience = Duration.seconds(60)

    private let count = Mutex(0)
    private let clock: any Clock<Duration>

    init(clock: any Clock<Duration> = ContinuousClock()) {
        self.clock = clock
    }

    /// Returns when `signal` is set, or the time is over; at once where as many wait as may.
    func wait(for signal: StopSignal) async {
        let isAdmitted = count.withLock { count in
            guard count < Self.capacity else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return }
        defer { count.withLock { $0 -= 1 } }
        await signal.unlessSet { [clock] in try? await clock.sleep(for: Self.patience) }
    }
}
