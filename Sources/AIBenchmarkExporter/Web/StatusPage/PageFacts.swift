import BenchmarkModel
import ExporterConfiguration
import Probing
import SnapshotStore

/// Everything that the pages show, as it was at one moment.
struct PageFacts: Sendable {
    /// Seconds since 1970.
    var now: Double
    var instance: String
    var telemetryPath: String
    /// In the order of the configuration.
    var benchmarks: [BenchmarkFacts]
    /// What the management API has changed of the schedule.
    var schedule = ContinuousOverride()
    /// What somebody asked for and is going.
    var manualRun: ManualRunFacts?
    var alerts: [AlertFacts] = []
    var budgets: [BudgetFacts] = []
    /// `nil` where nothing is kept.
    var store: StoreFacts?
    /// The base path of the management API; `nil` where it is closed, as there are no tokens.
    var management: String?

    /// The operations of all benchmarks.
    var operations: [OperationFacts] { benchmarks.flatMap(\.operations) }
}

/// One benchmark.
struct BenchmarkFacts: Sendable {
    var name: String
    var category: String
    /// The kind of probe, such as `http`.
    var probe: String
    /// In seconds.
    var interval: Double
    var isScheduled = true
    var isRunning = false
    /// In seconds since 1970; `nil` where no run is due.
    var nextRunAt: Double?
    var operations: [OperationFacts]
    /// Newest first.
    var runs: [RunSummary] = []
}

/// One operation of a benchmark.
struct OperationFacts: Sendable {
    var identity: BenchmarkIdentity
    var objective: Objective
    /// Counters and histograms.
    var state: OperationState?
    /// Of the last completed run.
    var last: OperationSummary?
    /// When that ended, in seconds since 1970.
    var lastRunAt: Double?
    /// The last failure of the runs that are remembered, with its trace id.
    var failure: FailureFacts?
    var timeline = LatencyTimeline()
    /// Where it stands against its baseline; `nil` where it is not compared with one.
    var finding: RegressionFinding?
    /// What happened to it in the time of the plot.
    var marks: [PlotMark] = []
}

/// A failure, and the run in which it happened.
struct FailureFacts: Sendable {
    var failure: IterationFailure
    var traceID: String?
    /// When the run ended, in seconds since 1970.
    var runEndedAt: Double
}

/// An event in the time of a plot.
struct PlotMark: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case regression, improvement, alert
    }

    var kind: Kind
    /// Seconds since 1970.
    var time: Double
    /// What happened, in a few words.
    var text: String
}

/// A suite that somebody asked for and that is going.
struct ManualRunFacts: Sendable {
    var id: String
    /// The names of those that it runs.
    var benchmarks: [String]
}

/// An alert that is not inactive.
struct AlertFacts: Sendable {
    enum State: String, Sendable {
        case pending, firing, resolved
    }

    var name: String
    var severity: AlertSeverity
    var state: State
    /// When it came to be that, in seconds since 1970.
    var since: Double
    /// What it is about, beside the benchmark.
    var subject: String
    /// `nil` where it is about none.
    var benchmark: String?
    /// A sentence without its full stop.
    var reason: String
}

/// What a target has cost, held against one limit.
struct BudgetFacts: Sendable {
    var target: String
    /// `hour` or `day`.
    var period: String
    var spent: Int
    var limit: Int

    var isSpent: Bool { spent >= limit }
}

/// The store.
struct StoreFacts: Sendable {
    /// Such as `SQLite`.
    var kind: String
    var status: StoreStatus
}
