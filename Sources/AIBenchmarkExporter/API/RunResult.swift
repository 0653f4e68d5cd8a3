import BenchmarkModel
import Foundation

/// One finished run of a benchmark, as the API shows it.
struct RunResult: Encodable, Sendable {
    /// Its name in the history; `nil` where it is not there, or not yet.
    var id: String?
    var benchmark: String
    var outcome: RunOutcome
    var intendedAt: Timestamp
    var completedAt: Timestamp
    /// What the exporter itself added.
    var floorSeconds: Double?
    var peakInFlight: Int?
    var efficiency: Double?
    var operations: [OperationResult]
    /// The operation with the greatest P95 of successes.
    var slowestOperation: String?

    init(_ run: RunSummary, id: String? = nil) {
        self.id = id
        benchmark = run.benchmark
        outcome = run.outcome
        intendedAt = Timestamp(run.intendedAt)
        completedAt = Timestamp(run.completedAt)
        floorSeconds = run.floor?.finite
        peakInFlight = run.load?.peakInFlight
        efficiency = run.load?.efficiency?.finite
        operations = run.operations.map(OperationResult.init)
        slowestOperation =
            run.operations.filter { $0.statistics?.latency != nil }
            .max { ($0.statistics?.latency?.p95 ?? 0) < ($1.statistics?.latency?.p95 ?? 0) }?.identity.operation
    }
}

/// One operation of a run.
struct OperationResult: Encodable, Sendable {
    var operation: String
    var target: String
    var objective: ObjectiveView
    var grade: Grade?
    /// Whether the number of iterations supports the grade at 95 %.
    var confident: Bool?
    /// Why the run says nothing about the objective.
    var invalid: String?
    /// Where the run left the operation against its baseline; `nil` for a run that was not recorded.
    var regressionState: RegressionState?
    var samples: Int
    var good: Int
    var slow: Int
    var failed: Int
    var successRatio: Double?
    var validationRatio: Double?
    var throughputPerSecond: Double?
    var goodputPerSecond: Double?
    /// The objective's statistic, failures as infinitely slow: null where it is one.
    var judgedSeconds: Double?
    /// `judged_seconds` against the target.
    var performanceRatio: Double?
    /// Of successes.
    var latency: LatencyView?
    var failures: [String: Int]
    var lastFailure: FailureView?
    var slowest: SlowestView?

    init(_ summary: OperationSummary) {
        let statistics = summary.statistics
        operation = summary.identity.operation
        target = summary.identity.target
        objective = ObjectiveView(summary.objective)
        grade = statistics?.grade
        confident = summary.isConfident
        invalid = summary.invalidity
        regressionState = summary.finding?.state
        samples = statistics?.samples ?? 0
        good = statistics?.results[.good] ?? 0
        slow = statistics?.results[.slow] ?? 0
        failed = statistics?.results[.failed] ?? 0
        successRatio = statistics?.successRatio
        validationRatio = statistics?.validationRatio
        throughputPerSecond = statistics?.throughput.finite
        goodputPerSecond = statistics?.goodput.finite
        judgedSeconds = statistics?.judged.finite
        performanceRatio = judgedSeconds.map { $0 / summary.objective.target.seconds }
        latency = statistics?.latency.map(LatencyView.init)
        failures = Dictionary(summary.failures.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
        lastFailure = summary.lastFailure.map {
            FailureView(reason: $0.reason, detail: $0.detail, traceID: summary.lastFailureTraceID)
        }
        slowest = summary.slowest.map { SlowestView(seconds: $0.seconds, traceID: $0.traceID) }
    }
}

/// What a benchmark promises.
struct ObjectiveView: Encodable, Sendable {
    var metric: ObjectiveMetric
    var statistic: ObjectiveStatistic
    var targetSeconds: Double
    var errorRatio: Double

    init(_ objective: Objective) {
        metric = objective.metric
        statistic = objective.statistic
        targetSeconds = objective.target.seconds
        errorRatio = objective.errorRatio
    }
}

/// Latencies of successes.
struct LatencyView: Encodable, Sendable {
    var minSeconds: Double
    var meanSeconds: Double
    var p50Seconds: Double
    var p95Seconds: Double
    var p99Seconds: Double
    var maxSeconds: Double

    init(_ latency: LatencyStatistics) {
        minSeconds = latency.min
        meanSeconds = latency.mean
        p50Seconds = latency.p50
        p95Seconds = latency.p95
        p99Seconds = latency.p99
        maxSeconds = latency.max
    }
}

/// The last failure of an operation, in words.
struct FailureView: Encodable, Sendable {
    var reason: FailureReason
    var detail: String
    var traceID: String?
}

/// The success that took longest.
struct SlowestView: Encodable, Sendable {
    var seconds: Double
    var traceID: String?
}
