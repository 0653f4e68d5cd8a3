import BenchmarkModel

/// What may go wrong under an objective, as a share of all iterations.
enum ErrorBudget: CaseIterable {
    /// The share that may be slow or failed; none for an objective on the mean.
    case latency
    /// The share that may fail.
    case availability

    /// The series of the share that is allowed.
    var ratio: String {
        switch self {
        case .latency: "job_benchmark:objective_ratio:max"
        case .availability: "job_benchmark:objective_error_ratio:max"
        }
    }

    /// The metric that `ratio` is recorded of.
    var metric: QueriedMetric {
        switch self {
        case .latency: .objectiveRatio
        case .availability: .objectiveErrorRatio
        }
    }

    /// The series of the number of iterations within `window` that spend of it.
    func spent(_ window: AlertWindow) -> String {
        switch self {
        case .latency: "job_benchmark:iterations_bad:increase\(window.text)"
        case .availability: "job_benchmark:iterations_failed:increase\(window.text)"
        }
    }

    /// The series of the number that is still no breach.
    func limit(_ window: AlertWindow) -> String {
        switch self {
        case .latency: "job_benchmark:iterations_bad:limit\(window.text)"
        case .availability: "job_benchmark:iterations_failed:limit\(window.text)"
        }
    }

    /// The series of the share that, if it lasts, spends the budget at the rate of `burn`.
    func limit(_ burn: BurnRate) -> String {
        switch self {
        case .latency: "job_benchmark:objective_ratio:\(burn.rawValue)_burn"
        case .availability: "job_benchmark:objective_error_ratio:\(burn.rawValue)_burn"
        }
    }

    func alert(_ burn: BurnRate) -> AlertName {
        switch (self, burn) {
        case (.latency, .fast): .latencyBudgetBurnFast
        case (.latency, .slow): .latencyBudgetBurnSlow
        case (.availability, .fast): .availabilityBudgetBurnFast
        case (.availability, .slow): .availabilityBudgetBurnSlow
        }
    }
}

/// How fast an error budget is spent, as a multiple of the rate at which it lasts for 30 days.
///
/// The share is looked at over a long window, so that chance does not fire the alert, and over a short one, so that the alert
/// ends soon after its cause. See https://sre.google/workbook/alerting-on-slos/, section 6.
enum BurnRate: String, CaseIterable {
    case fast, slow

    var factor: String {
        switch self {
        case .fast: "14.4"
        case .slow: "3"
        }
    }

    /// How long a budget of 30 days lasts.
    var duration: String {
        switch self {
        case .fast: "two days"
        case .slow: "ten days"
        }
    }

    func windows(of entry: RuleClass) -> (long: AlertWindow, short: AlertWindow) {
        switch self {
        case .fast: (entry.window.times(12), entry.window)
        case .slow: (entry.window.times(72), entry.window.times(12))
        }
    }

    /// The share of a budget of `ratio` that is spent at this rate, in PromQL, where there is a budget.
    ///
    /// A share cannot be beyond 1, so a factor that is too large for a budget gives way to nine tenths of what is above it.
    func share(of ratio: String) -> String {
        """
        (
          \(factor) * \(ratio) < 0.9 + 0.1 * \(ratio)
          or
          0.9 + 0.1 * \(ratio)
        )
        and \(ratio) > 0
        """
    }
}
