import BenchmarkModel

/// What one Alertmanager is told, and when: a new alert at once, one that goes on firing again and again, as it would
/// otherwise end by itself, and one that has ended for five minutes.
///
/// The shell asks `next`, posts what it says, and reports how that went. After a failure the wait grows from a second to a
/// minute. Each server has a plan of its own, so that one that is down holds up no other.
package struct NotificationPlan: Sendable {
    /// What the shell has to do.
    package enum Action: Hashable, Sendable {
        case send([ProcessAlert])
        /// Ask again at this time (seconds since 1970), or when there is another alert or a post has ended; `nil` for only then.
        case wait(until: Double?)
    }

    private enum Phase: Hashable {
        case idle
        case posting([AlertKey: Delivery], failures: Int)
        case retrying(at: Double, failures: Int)
    }

    /// What the server has last been told of an alert.
    private struct Delivery: Hashable {
        var isResolved: Bool
        /// When the condition began to hold, which tells one firing from the next.
        var since: Double
        var at: Double
    }

    /// The longest time between two attempts, in seconds.
    private static let longestWait = 60.0

    private let resendInterval: Double
    private var phase = Phase.idle
    private var deliveries: [AlertKey: Delivery] = [:]

    package init(resendInterval: Duration) {
        self.resendInterval = resendInterval.seconds
    }

    /// What to do `now`, in seconds since 1970, when these are the alerts.
    package mutating func next(_ alerts: [ProcessAlert], at now: Double) -> Action {
        let failures: Int
        switch phase {
        case .posting: return .wait(until: nil)
        case .retrying(let time, _) where now < time && time - now <= Self.longestWait: return .wait(until: time)
        case .retrying(_, let count): failures = count
        case .idle: failures = 0
        }
        let told = alerts.compactMap { alert in delivery(of: alert, at: now).map { (alert, $0) } }
        deliveries = deliveries.filter { key, _ in told.contains { $0.0.key == key } }
        let due = told.filter { dueTime(of: $0.0.key, $0.1) <= now }
        guard !due.isEmpty else {
            phase = .idle
            return .wait(until: told.map { dueTime(of: $0.0.key, $0.1) }.min())
        }
        phase = .posting(Dictionary(due.map { ($0.0.key, $0.1) }, uniquingKeysWith: { $1 }), failures: failures)
        return .send(due.map(\.0))
    }

    /// The server has taken what it was last sent.
    package mutating func succeeded() {
        guard case .posting(let sent, _) = phase else { return }
        deliveries.merge(sent) { $1 }
        phase = .idle
    }

    /// The server has not taken it; `jitter`, 0...1, keeps several exporters from trying again in step.
    package mutating func failed(at now: Double, jitter: Double) {
        guard case .posting(_, let failures) = phase else { return }
        var wait = 1.0
        for _ in 0..<min(failures, 10) { wait *= 2 }
        phase = .retrying(at: now + min(wait, Self.longestWait) * (0.5 + jitter / 2), failures: failures + 1)
    }

    /// What the server would know after it has been told; `nil` of an alert that it is not to be told of.
    private func delivery(of alert: ProcessAlert, at now: Double) -> Delivery? {
        switch alert.phase {
        case .inactive, .pending: return nil
        case .firing(let since, _): return Delivery(isResolved: false, since: since, at: now)
        case .resolved(let since, let resolvedAt):
            guard now - resolvedAt <= AlertState.resolvedRetention else { return nil }
            return Delivery(isResolved: true, since: since, at: now)
        }
    }

    private func dueTime(of key: AlertKey, _ delivery: Delivery) -> Double {
        guard let last = deliveries[key], last.isResolved == delivery.isResolved, last.since == delivery.since,
            last.at <= delivery.at
        else { return -.infinity }
        return last.at + resendInterval
    }
}
