/// Every alert, of the Prometheus rules and of the process; the raw value is its name in a configuration.
package enum AlertName: String, Hashable, Sendable, Codable, CaseIterable {
    case p95Breach = "P95Breach"
    case latencyBudgetBurnFast = "LatencyBudgetBurnFast"
    case latencyBudgetBurnSlow = "LatencyBudgetBurnSlow"
    case availabilityBudgetBurnFast = "AvailabilityBudgetBurnFast"
    case availabilityBudgetBurnSlow = "AvailabilityBudgetBurnSlow"
    case successRateLow = "SuccessRateLow"
    case regression = "Regression"
    case trendDegrading = "TrendDegrading"
    case runStale = "RunStale"
    case runsMissed = "RunsMissed"
    case measurementInvalid = "MeasurementInvalid"
    case noSeries = "NoSeries"
    case exporterDown = "ExporterDown"
    case exporterAbsent = "ExporterAbsent"
    case storeDown = "StoreDown"
    case undurable = "Undurable"
    case budgetExhausted = "BudgetExhausted"
    case notificationsFailing = "NotificationsFailing"
    case configReloadFailed = "ConfigReloadFailed"
    case watchdog = "Watchdog"

    /// The label `alertname`, and the heading of the alert in the runbooks.
    package var fullName: String { "AIBenchmark" + rawValue }

    /// Whether there is one alert for each benchmark, or one for the exporter as a whole.
    package var isOfBenchmark: Bool {
        switch self {
        case .p95Breach, .latencyBudgetBurnFast, .latencyBudgetBurnSlow, .availabilityBudgetBurnFast,
            .availabilityBudgetBurnSlow, .successRateLow, .regression, .trendDegrading, .runStale, .runsMissed,
            .measurementInvalid, .noSeries:
            true
        case .exporterDown, .exporterAbsent, .storeDown, .undurable, .budgetExhausted, .notificationsFailing,
            .configReloadFailed, .watchdog:
            false
        }
    }
}

/// How much of a hurry an alert is; the raw value is the label `severity`.
package enum AlertSeverity: String, Hashable, Sendable, Codable, CaseIterable {
    /// Users notice: somebody should look now.
    case critical
    /// Somebody should look today.
    case warning
    case info
    /// Not a problem: it shows that alerts arrive.
    case none
}
