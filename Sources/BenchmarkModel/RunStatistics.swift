/// The exact figures of one run, and its grade.
package struct RunStatistics: Hashable, Sendable, Codable {
    /// The number of iterations with each result; the three add up to `samples`.
    package var results: [IterationResult: Int]
    /// Over the successes, in the objective's metric; `nil` without a success.
    package var latency: LatencyStatistics?
    /// Percentiles over all iterations, a failure counting as +Inf.
    package var adjusted: AdjustedLatency
    /// The objective's statistic over all iterations, in seconds, a failure counting as +Inf; what the grade judges.
    package var judged: Double
    package var grade: Grade
    /// Right answers among those that were well-formed, 0...1; `nil` where no answer got so far.
    package var validationRatio: Double?
    /// Iterations per second over the measured part of the run, whatever their result, but for those that were not issued.
    package var throughput: Double
    /// Good iterations per second over the measured part of the run.
    package var goodput: Double

    /// The figures of `iterations`, which took `elapsed` in all; `nil` for a run without an iteration.
    package init?(of iterations: [IterationOutcome], against objective: Objective, elapsed: Duration) {
        guard !iterations.isEmpty else { return nil }
        let count = iterations.count
        results = [.good: 0, .slow: 0, .failed: 0]
        var values: [Double] = []
        for iteration in iterations {
            let result = iteration.result(against: objective)
            results[result, default: 0] += 1
            if result != .failed, let value = iteration.value(of: objective.metric) { values.append(value.seconds) }
        }
        values.sort()
        let withFailures = values + Array(repeating: .infinity, count: count - values.count)
        latency = LatencyStatistics(ofSorted: values)
        adjusted = AdjustedLatency(ofSorted: withFailures)
        judged =
            if let percent = objective.statistic.percent {
                NearestRank.percentile(percent, ofSorted: withFailures)
            } else {
                withFailures.reduce(0, +) / Double(count)
            }
        let failed = results[.failed] ?? 0
        let passes = judged <= objective.target.seconds && Double(failed) <= objective.errorRatio * Double(count)
        grade = passes ? .pass : .fail
        let wrong = iterations.count { $0.failure?.reason == .validation }
        let right = iterations.count { $0.failure == nil }
        validationRatio = right + wrong > 0 ? Double(right) / Double(right + wrong) : nil
        let seconds = max(elapsed.seconds, 1e-9)
        throughput = Double(iterations.count { $0.failure?.reason != .notIssued }) / seconds
        goodput = Double(results[.good] ?? 0) / seconds
    }

    /// The number of measured iterations, failures included.
    package var samples: Int {
        results.values.reduce(0, +)
    }

    /// The share of iterations that succeeded, 0...1, whether within the objective or beyond it.
    package var successRatio: Double {
        samples > 0 ? 1 - Double(results[.failed] ?? 0) / Double(samples) : 0
    }
}

/// Latencies of successes in seconds; percentiles by nearest rank.
package struct LatencyStatistics: Hashable, Sendable, Codable {
    package var min: Double
    package var mean: Double
    package var p50: Double
    package var p95: Double
    package var p99: Double
    package var max: Double

    /// The statistics of ascending values in seconds; `nil` of none.
    package init?(ofSorted values: [Double]) {
        guard let first = values.first, let last = values.last else { return nil }
        min = first
        max = last
        mean = values.reduce(0, +) / Double(values.count)
        p50 = NearestRank.percentile(50, ofSorted: values)
        p95 = NearestRank.percentile(95, ofSorted: values)
        p99 = NearestRank.percentile(99, ofSorted: values)
    }
}

/// Percentiles in seconds over all iterations, +Inf where they fall on a failure.
package struct AdjustedLatency: Hashable, Sendable, Codable {
    package var p50: Double
    package var p95: Double
    package var p99: Double

    /// The percentiles of ascending values in seconds, of which there is at least one.
    package init(ofSorted values: [Double]) {
        p50 = NearestRank.percentile(50, ofSorted: values)
        p95 = NearestRank.percentile(95, ofSorted: values)
        p99 = NearestRank.percentile(99, ofSorted: values)
    }
}

/// Whether a run kept its objective; the raw value is the label `grade`.
package enum Grade: String, Hashable, Sendable, Codable, CaseIterable {
    case pass, fail
}
