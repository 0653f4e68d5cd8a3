import Alerting
import Synchronization

/// What became of a post to an Alertmanager; the raw value is the label `outcome`.
enum NotificationOutcome: String, CaseIterable {
    case sent, failed
}

/// The alerts as they were last judged, for everyone who shows them or tells of them.
final class AlertBoard: Sendable {
    private struct Waiter {
        var number: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var alerts: [ProcessAlert] = []
        var revision = 0
        var notifications: [NotificationOutcome: UInt64] = [:]
        var waiters: [Waiter] = []
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// Every alert that is pending or firing, or was until a moment ago.
    var alerts: [ProcessAlert] { state.withLock(\.alerts) }

    /// How often the alerts have changed.
    var revision: Int { state.withLock(\.revision) }

    /// How many posts had each outcome; one that never came is left out.
    var notifications: [NotificationOutcome: UInt64] { state.withLock(\.notifications) }

    /// Replaces the alerts, and wakes those who wait for others.
    func replace(_ alerts: [ProcessAlert]) {
        let woken = state.withLock { state -> [Waiter] in
            guard state.alerts != alerts else { return [] }
            state.alerts = alerts
            state.revision += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Counts a post to an Alertmanager.
    func count(_ outcome: NotificationOutcome) {
        state.withLock { $0.notifications[outcome, default: 0] += 1 }
    }

    /// Returns when there are other alerts than at `revision`, or the task is cancelled.
    func change(after revision: Int) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.revision == revision, !Task.isCancelled else { return false }
                    state.waiters.append(Waiter(number: number, continuation: continuation))
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}
