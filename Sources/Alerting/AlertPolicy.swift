package import BenchmarkModel
package import ExporterConfiguration

/// How an alert behaves.
package struct AlertSettings: Hashable, Sendable {
    /// How long the condition holds before the alert fires.
    package var hold: Duration
    /// How long the alert goes on firing after the condition has ended, so that it does not flap.
    package var keepFiring: Duration
    package var severity: AlertSeverity
    /// Whether there is such an alert at all.
    package var isEnabled = true
}

/// The settings of every alert: its defaults, and what a configuration says of it.
package struct AlertPolicy: Sendable {
    private let overrides: [AlertOverride]

    package init(_ overrides: [AlertOverride] = []) {
        self.overrides = overrides
    }

    /// The settings of an alert of `benchmark`; `nil` for one of the exporter as a whole.
    package func settings(of name: AlertName, benchmark: String? = nil) -> AlertSettings {
        var settings = Self.standard(name)
        for override in overrides where override.name == name {
            guard benchmark.map(override.benchmark.matches) ?? true else { continue }
            settings.hold = override.hold ?? settings.hold
            settings.keepFiring = override.keepFiring ?? settings.keepFiring
            settings.severity = override.severity ?? settings.severity
            settings.isEnabled = override.isEnabled ?? settings.isEnabled
        }
        return settings
    }

    private static func standard(_ name: AlertName) -> AlertSettings {
        func settings(_ severity: AlertSeverity, minutes hold: Int, keep: Int = 0) -> AlertSettings {
            AlertSettings(hold: .seconds(60 * hold), keepFiring: .seconds(60 * keep), severity: severity)
        }
        return switch name {
        case .p95Breach, .successRateLow: settings(.critical, minutes: 5, keep: 5)
        case .latencyBudgetBurnFast, .availabilityBudgetBurnFast: settings(.critical, minutes: 2, keep: 5)
        case .latencyBudgetBurnSlow, .availabilityBudgetBurnSlow: settings(.warning, minutes: 15, keep: 15)
        case .regression: settings(.warning, minutes: 0)
        case .trendDegrading: settings(.info, minutes: 15, keep: 60)
        case .runStale: settings(.warning, minutes: 1)
        case .runsMissed: settings(.warning, minutes: 5, keep: 5)
        case .measurementInvalid: settings(.warning, minutes: 5, keep: 15)
        case .noSeries: settings(.warning, minutes: 10)
        case .exporterDown: settings(.warning, minutes: 2)
        case .exporterAbsent: settings(.critical, minutes: 15)
        case .storeDown: settings(.warning, minutes: 5, keep: 5)
        case .undurable: settings(.warning, minutes: 5)
        case .budgetExhausted: settings(.warning, minutes: 0)
        case .notificationsFailing: settings(.warning, minutes: 10, keep: 10)
        case .configReloadFailed: settings(.warning, minutes: 1)
        case .watchdog: settings(.none, minutes: 0)
        }
    }
}
