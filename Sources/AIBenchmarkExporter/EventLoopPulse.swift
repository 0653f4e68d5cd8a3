import NIOCore
import Synchronization

/// Shows whether an event loop still turns, and how late: a task on it takes the time every few seconds.
final class EventLoopPulse: Sendable {
    private let state = Mutex(EventLoopLag(firstBeat: .now()))

    /// Begins beating on `eventLoop`, for as long as the loop lives.
    init(of eventLoop: any EventLoop) {
        scheduleBeat(on: eventLoop)
    }

    /// The greatest lag of the last minute in seconds; `nil` before the first beat.
    var lag: Double? {
        state.withLock { $0.greatest(at: .now()) }.map { Double($0.nanoseconds) / 1e9 }
    }

    /// Whether the loop is overdue by more than `tolerance`.
    func isStandingStill(tolerance: TimeAmount) -> Bool {
        state.withLock { $0.overdue(at: .now()) } > tolerance
    }

    private func scheduleBeat(on eventLoop: any EventLoop) {
        eventLoop.scheduleTask(deadline: state.withLock(\.nextBeat)) { [weak self] in
            self?.state.withLock { $0.beat(at: .now()) }
            self?.scheduleBeat(on: eventLoop)
        }
    }
}
