package import BenchmarkModel

/// What an alert is about.
package enum AlertSubject: Hashable, Sendable, Codable, CustomStringConvertible {
    case exporter
    case target(String)
    case benchmark(BenchmarkIdentity)

    /// As it stands in a sentence.
    package var description: String {
        switch self {
        case .exporter: "the exporter"
        case .target(let name): name
        case .benchmark(let identity): "\(identity.benchmark) (\(identity.operation)) of \(identity.target)"
        }
    }
}

/// Which alert of which subject: there is one of each.
package struct AlertKey: Hashable, Sendable, Codable {
    package var name: AlertName
    package var subject: AlertSubject

    package init(_ name: AlertName, _ subject: AlertSubject = .exporter) {
        self.name = name
        self.subject = subject
    }
}

/// An alert of the process that is pending or firing, or was until a moment ago.
package struct ProcessAlert: Hashable, Sendable {
    package var key: AlertKey
    package var severity: AlertSeverity
    /// Not inactive.
    package var phase: AlertState.Phase
    /// Why its condition held when it was last seen to hold: a sentence without its full stop.
    package var reason: String
}

/// A change of an alert, for a log line.
package struct AlertTransition: Hashable, Sendable {
    package var key: AlertKey
    package var change: AlertState.Change
    package var severity: AlertSeverity
    /// As in `ProcessAlert`.
    package var reason: String
}
