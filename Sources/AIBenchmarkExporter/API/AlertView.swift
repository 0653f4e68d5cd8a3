import Alerting
import BenchmarkModel
import ServiceLifecycle

/// An alert of the process as the API shows it.
struct AlertView: Encodable, Sendable, Hashable {
    enum State: String, Encodable, CaseIterable, Sendable {
        case pending, firing, resolved
    }

    var alert: String
    var severity: String
    var state: State
    var since: Timestamp
    /// What it is about; `nil` for the exporter itself.
    var benchmark: String?
    var operation: String?
    var target: String?
    /// Why its condition held when it was last seen to hold.
    var reason: String

    /// `nil` for an alert that is nothing of the kind.
    init?(_ alert: ProcessAlert) {
        switch alert.phase {
        case .inactive: return nil
        case .pending(let since, _): (state, self.since) = (.pending, Timestamp(since))
        case .firing(let since, _): (state, self.since) = (.firing, Timestamp(since))
        case .resolved(_, let at): (state, self.since) = (.resolved, Timestamp(at))
        }
        self.alert = alert.key.name.rawValue
        severity = alert.severity.rawValue
        reason = alert.reason
        switch alert.key.subject {
        case .exporter: break
        case .target(let name): target = name
        case .benchmark(let identity):
            (benchmark, operation, target) = (identity.benchmark, identity.operation, identity.target)
        }
    }
}

/// Tells those who listen to events of each change of the alerts: of all that are there then.
struct AlertEvents: Service {
    let board: AlertBoard
    let events: EventFeed

    private struct Alerts: Encodable {
        var alerts: [AlertView]
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            var revision = board.revision
            while !Task.isCancelled {
                await board.change(after: revision)
                revision = board.revision
                events.publish(.alerts, Alerts(alerts: board.alerts.compactMap(AlertView.init)))
            }
        }
    }
}
