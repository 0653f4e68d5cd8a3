package import BenchmarkModel

/// What a configuration says of an alert in place of its defaults; of several that fit, a later one comes first.
package struct AlertOverride: Hashable, Sendable {
    package var name: AlertName
    /// The benchmarks that it is for; an alert that is of no benchmark has `*`.
    package var benchmark: NamePattern
    /// How long the condition holds before the alert fires; `nil` for the default.
    package var hold: Duration?
    /// How long the alert goes on firing after the condition has ended; `nil` for the default.
    package var keepFiring: Duration?
    package var severity: AlertSeverity?
    /// Whether there is such an alert at all; `nil` for the default.
    package var isEnabled: Bool?

    package init(
        name: AlertName,
        benchmark: NamePattern = .any,
        hold: Duration? = nil,
        keepFiring: Duration? = nil,
        severity: AlertSeverity? = nil,
        isEnabled: Bool? = nil
    ) {
        self.name = name
        self.benchmark = benchmark
        self.hold = hold
        self.keepFiring = keepFiring
        self.severity = severity
        self.isEnabled = isEnabled
    }
}

/// The Alertmanagers that the exporter tells of its own alerts.
package struct AlertmanagerDefinition: Hashable, Sendable {
    /// Each is told everything; without one nothing is sent.
    ///
    /// The credentials of a URL are a header here.
    package var servers: [HTTPTarget]
    /// How often an alert that goes on firing is sent again; greater than zero.
    package var resendInterval: Duration

    package init(servers: [HTTPTarget] = [], resendInterval: Duration = .seconds(60)) {
        self.servers = servers
        self.resendInterval = resendInterval
    }
}

/// A name, or a pattern of names: `*` stands for any characters, `?` for one.
package struct NamePattern: Hashable, Sendable {
    /// As it was written.
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The pattern of all names.
    package static let any = Self("*")

    /// Whether the whole of `name` fits.
    ///
    /// In the worst case it takes the product of both lengths: after a mismatch only the last `*` gives way.
    package func matches(_ name: String) -> Bool {
        let pattern = Array(text)
        let name = Array(name)
        var (inPattern, inName) = (0, 0)
        var lastStar: (inPattern: Int, inName: Int)?
        while inName < name.count {
            if inPattern < pattern.count, pattern[inPattern] == "*" {
                lastStar = (inPattern, inName)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == "?" || pattern[inPattern] == name[inName] {
                inPattern += 1
                inName += 1
            } else if let star = lastStar {
                lastStar = (star.inPattern, star.inName + 1)
                inPattern = star.inPattern + 1
                inName = star.inName + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == "*" }
    }
}
