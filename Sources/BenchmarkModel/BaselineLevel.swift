/// A frozen baseline: what a benchmark's runs were like when nothing was wrong.
package struct BaselineLevel: Hashable, Sendable {
    /// Latencies of successes, ascending, in seconds: at most ten of each run.
    package var values: [Double]
    /// The long-run deviation of its runs' scores, at least 1: how much more runs differ than independent iterations would.
    package var deviation: Double
    /// The number of runs that it was learnt from.
    package var runs: Int
    /// The number of successes of those runs.
    package var successes: Int
    /// The number of failures of those runs.
    package var failures: Int
    /// When the first of those runs ended, in seconds since 1970.
    package var startedAt: Double
    /// When the last of those runs ended, in seconds since 1970.
    package var completedAt: Double

    package init(
        values: [Double],
        deviation: Double,
        runs: Int,
        successes: Int,
        failures: Int,
        startedAt: Double,
        completedAt: Double
    ) {
        self.values = values
        self.deviation = deviation
        self.runs = runs
        self.successes = successes
        self.failures = failures
        self.startedAt = startedAt
        self.completedAt = completedAt
    }

    /// The figures of `values`; of runs with more than ten successes, P99 and the extremes lie further out than these.
    package var latency: LatencyStatistics? { LatencyStatistics(ofSorted: values) }

    /// What makes the level one that was never learnt, as a clause; `nil` where nothing does.
    var defect: String? {
        typealias Limit = BaselineState.Limit
        if values.isEmpty || values.count > Limit.levelValues { return "its level has \(values.count) values" }
        if let value = values.first(where: { !Limit.isLatency($0) }) { return "\(value) s is not a latency" }
        if !values.isAscending { return "the values of its level are not in order" }
        if !(1..<1e9).contains(deviation) { return "deviation \(deviation) is not in 1..<1e9" }
        if let count = [runs, successes].first(where: { !(1...Limit.count).contains($0) }) ?? overflow {
            return "\(count) is not a number of runs or iterations"
        }
        return [startedAt, completedAt].first { !Limit.isTime($0) }.map { "time \($0) is not a time" }
    }

    private var overflow: Int? { (0...BaselineState.Limit.count).contains(failures) ? nil : failures }
}

extension BaselineLevel: Codable {
    private enum CodingKeys: String, CodingKey {
        case values, deviation, runs, successes, failures
        case startedAt = "started_at"
        case completedAt = "completed_at"
    }
}
