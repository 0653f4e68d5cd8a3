// WHAT A BENCHMARK IS COMPARED WITH
//
// A baseline is learnt from the first runs and then frozen: it never drifts by itself, as a baseline that follows the
// service follows it into a slow regression too. Beside the frozen level stand the last runs, for the size of a change
// and for the trend, and the evidence of change so far. All of it is one value, so that a process that reads it back
// goes on exactly where the last one stopped.

/// What the regression detector of one benchmark remembers from run to run: what a store keeps of it.
package struct BaselineState: Hashable, Sendable {
    /// Of the benchmark's definition: what was learnt under another one says nothing.
    package var fingerprint: String
    /// What later runs are compared with; `nil` while that is being learnt.
    package var level: BaselineLevel?
    /// The last runs with a success, oldest first: all that are learnt from, or as many, which show the present level.
    package var runs: [BaselineRun] = []
    /// The medians of the last runs, oldest first, for the trend.
    package var medians: [RunMedian] = []
    /// How the latency of successes stands against the level; its evidence is of run scores.
    package var latency = ChangeWatch()
    /// How the share of failures stands against the level; its evidence is of iterations.
    package var failures = ChangeWatch()

    /// A state that has learnt nothing yet.
    package init(fingerprint: String) {
        self.fingerprint = fingerprint
    }

    /// Whether the benchmark is worse or better than its baseline; worse in either respect is worse.
    package var state: RegressionState {
        if level == nil { return .learning }
        let directions = [latency.change?.direction, failures.change?.direction]
        if directions.contains(.degradation) { return .degraded }
        return directions.contains(.improvement) ? .improved : .stable
    }

    /// The number of successes that the level was learnt from, or that have been learnt from so far.
    package var samples: Int {
        level?.successes ?? runs.reduce(0) { min(Limit.count, $0 + $1.successes) }
    }

    /// What makes the state one that no detector can have written, as a clause; `nil` where nothing does.
    ///
    /// A store may hand out anything; a state without a defect crashes nothing that is done with it.
    package var defect: String? {
        if fingerprint.utf8.count > Limit.fingerprint { return "its fingerprint has \(fingerprint.utf8.count) bytes" }
        if runs.count > Limit.runs { return "it has \(runs.count) runs" }
        if medians.count > Limit.medians { return "it has \(medians.count) medians" }
        if let defect = level?.defect ?? runs.lazy.compactMap(\.defect).first { return defect }
        if let median = medians.first(where: { !Limit.isTime($0.completedAt) || !Limit.isLatency($0.seconds) }) {
            return "a median of \(median.seconds) s at \(median.completedAt) is none"
        }
        return latency.defect ?? failures.defect
    }

    /// The largest lengths and numbers that a detector writes, with room; a larger one is a defect.
    package enum Limit {
        package static let fingerprint = 256
        package static let runs = 500
        package static let medians = 96
        /// Of one run's successes that are kept.
        package static let values = 10
        /// Of a frozen level.
        package static let levelValues = 1000
        package static let count = 1_000_000_000

        /// Whether `seconds` since 1970 is a time that a clock may show.
        package static func isTime(_ seconds: Double) -> Bool { (0..<1e11).contains(seconds) }
        /// Whether `seconds` is the latency of a success.
        package static func isLatency(_ seconds: Double) -> Bool { (0..<1e9).contains(seconds) }
    }
}

extension BaselineState: Codable {
    private enum CodingKeys: String, CodingKey {
        case fingerprint, level, runs, medians, latency, failures
    }
}

/// One run as far as a baseline needs it.
package struct BaselineRun: Hashable, Sendable, Codable {
    /// In seconds since 1970.
    package var completedAt: Double
    /// Ascending, in seconds, at least one: all successes, or ten that stand for them.
    package var values: [Double]
    /// The number of successes, at least that of `values`.
    package var successes: Int
    /// Of this run, and of the runs without a success that followed it.
    package var failures: Int

    package init(completedAt: Double, values: [Double], successes: Int, failures: Int) {
        self.completedAt = completedAt
        self.values = values
        self.successes = successes
        self.failures = failures
    }

    fileprivate var defect: String? {
        typealias Limit = BaselineState.Limit
        if !Limit.isTime(completedAt) { return "time \(completedAt) is not a time" }
        if values.isEmpty || values.count > Limit.values { return "a run has \(values.count) values" }
        if let value = values.first(where: { !Limit.isLatency($0) }) { return "\(value) s is not a latency" }
        if !values.isAscending { return "the values of a run are not in order" }
        if !(values.count...Limit.count).contains(successes) { return "a run has \(successes) successes" }
        return (0...Limit.count).contains(failures) ? nil : "a run has \(failures) failures"
    }

    private enum CodingKeys: String, CodingKey {
        case completedAt = "completed_at"
        case values, successes, failures
    }
}

/// The median latency of a run's successes.
package struct RunMedian: Hashable, Sendable, Codable {
    /// In seconds since 1970.
    package var completedAt: Double
    package var seconds: Double

    package init(completedAt: Double, seconds: Double) {
        self.completedAt = completedAt
        self.seconds = seconds
    }

    private enum CodingKeys: String, CodingKey {
        case completedAt = "completed_at"
        case seconds
    }
}

extension [Double] {
    /// Whether no element is less than the one before it.
    var isAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }
}
