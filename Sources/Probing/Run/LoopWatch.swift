import NIOCore
import Synchronization

/// Watches, while a run is measured, how late the event loop of the probes gets round to what is due.
///
/// A task on the loop notes the time again and again. So no stall goes unseen that is longer than the interval, wherever
/// among the iterations it falls: it shows with all of its length but at most one interval.
final class LoopWatch: Sendable {
    private struct State {
        var due: NIODeadline
        var greatestLag = TimeAmount.zero
        var isStopped = false
    }

    private let eventLoop: any EventLoop
    private let interval: TimeAmount
    private let state: Mutex<State>

    /// Begins to watch.
    init(_ eventLoop: any EventLoop, interval: TimeAmount) {
        self.eventLoop = eventLoop
        self.interval = interval
        let due = eventLoop.now + interval
        state = Mutex(State(due: due))
        schedule(at: due)
    }

    /// Ends the watch, and returns the greatest lag; that of a task that is overdue counts.
    func stop() -> Duration {
        let now = eventLoop.now
        let lag = state.withLock { state in
            state.isStopped = true
            return max(state.greatestLag, now - state.due)
        }
        return .nanoseconds(lag.nanoseconds)
    }

    private func schedule(at due: NIODeadline) {
        eventLoop.scheduleTask(deadline: due) { [self] in
            let now = eventLoop.now
            let next = state.withLock { state -> NIODeadline? in
                guard !state.isStopped else { return nil }
                state.greatestLag = max(state.greatestLag, now - state.due)
                state.due = now + interval
                return state.due
            }
            if let next { schedule(at: next) }
        }
    }
}
