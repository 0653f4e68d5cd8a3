import BenchmarkModel
import Probing

/// What `POST /benchmarks/run` asks for.
struct ManualRunRequest: Hashable, Sendable {
    /// In the order in which they are run.
    var benchmarks: [String]
    var settings = RequestedMeasurement.Settings()
    /// Whether the runs feed counters, histograms and history.
    var record = false

    /// As the audit trail has it.
    var audited: String {
        var parts = ["benchmarks=\(benchmarks.joined(separator: ","))"]
        if let iterations = settings.iterations { parts.append("iterations=\(iterations)") }
        if let warmup = settings.warmupIterations { parts.append("warmup_iterations=\(warmup)") }
        if let concurrency = settings.concurrency { parts.append("concurrency=\(concurrency)") }
        return (parts + ["record=\(record)"]).joined(separator: " ")
    }
}

/// One suite that somebody asked for: one run of each of its benchmarks, one after the other.
struct ManualRun: Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        case running, completed, cancelled
    }

    /// Who ended one before its time.
    enum Canceller: String, Encodable, CaseIterable, Sendable {
        /// `DELETE /benchmarks/runs/{id}`.
        case request
        /// A reload of the configuration that changes a benchmark of it or takes it away.
        case reload
        case shutdown
    }

    var id: String
    var request: ManualRunRequest
    var state = State.running
    /// `nil` unless somebody wants it to end.
    var canceller: Canceller?
    /// Seconds since 1970.
    var startedAt: Double
    /// Seconds since 1970; `nil` while it is going.
    var completedAt: Double?
    /// Those that have ended.
    var runs: [RunSummary] = []
    /// `nil` while it is going.
    var suite: SuiteReport.Suite?
    /// What `run --via` shows; `nil` while it is going, and once another suite has begun.
    var report: SuiteReport?
    /// Set to cancel it.
    let stop = StopSignal()
    /// Set when it has ended.
    let ended = StopSignal()

    init(id: String, request: ManualRunRequest, startedAt: Double) {
        self.id = id
        self.request = request
        self.startedAt = startedAt
    }
}

/// A suite as the API shows it.
struct ManualRunView: Encodable, Sendable {
    var id: String
    var state: ManualRun.State
    /// `nil` unless it was cancelled.
    var cancelledBy: ManualRun.Canceller?
    var benchmarks: [String]
    var record: Bool
    var startedAt: Timestamp
    var completedAt: Timestamp?
    /// In the order in which they ended.
    var results: [RunResult]
    var suite: SuiteFigures?

    /// Over all successes of the suite, in durations.
    struct SuiteFigures: Encodable, Sendable {
        var latency: LatencyView?
        /// The share of successes within the default objective.
        var ratioWithinTarget: Double?
        var meetsTarget: Bool
    }

    init(_ run: ManualRun) {
        id = run.id
        state = run.state
        cancelledBy = run.state == .cancelled ? run.canceller : nil
        benchmarks = run.request.benchmarks
        record = run.request.record
        startedAt = Timestamp(run.startedAt)
        completedAt = run.completedAt.map(Timestamp.init)
        results = run.runs.map { RunResult($0) }
        suite = run.suite.map {
            SuiteFigures(
                latency: $0.latency.map(LatencyView.init),
                ratioWithinTarget: $0.ratioWithinTarget,
                meetsTarget: $0.meetsTarget
            )
        }
    }
}
