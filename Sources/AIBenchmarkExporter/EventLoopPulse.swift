import NIOCore
import Synchronization

/// Shows whether an event loop still turns: a task on it takes the time every few seconds.
final class EventLoopPulse: Sendable {
    private let lastBeat: Mutex<NIODeadline>

    /// Begins beating on `eventLoop`, for as long as the loop lives.
    init(of eventLoop: any EventLoop) {
        lastBeat = Mutex(.now())
        eventLoop.scheduleRepeatedTask(initialDelay: .seconds(5), delay: .seconds(5)) { [weak self] _ in
            self?.lastBeat.withLock { $0 = .now() }
        }
    }

    /// Whether the loop has not turned for `tolerance`.
    func isStandingStill(tolerance: TimeAmount) -> Bool {
        lastBeat.withLock { $0 + tolerance < .now() }
    }
}
