import BenchmarkModel

/// One suite, as people and machines read it: what every output format is made of, and the JSON form itself.
///
/// Times are in seconds, ratios 0...1; what is infinite or unknown is absent.
struct SuiteReport: Codable, Hashable {
    /// Of this format; a reader refuses others.
    static let formatVersion = 2

    var formatVersion = Self.formatVersion
    var exporterVersion = ExporterVersion.current
    /// Seconds since 1970.
    var completedAt: Double
    /// Whether the suite was ended before all of it was measured.
    var isPartial: Bool
    /// The benchmarks of which not all was measured, as far as the reason is known.
    var unfinished: [Unfinished] = []
    var suite: Suite
    var operations: [Operation]
    /// What the changes of the operations are against; `nil` where nothing was compared.
    var comparison: Comparison?

    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case exporterVersion = "exporter_version"
        case completedAt = "completed_at"
        case isPartial = "partial"
        case suite, operations, comparison, unfinished
    }

    /// All runs taken together.
    struct Suite: Codable, Hashable {
        private enum CodingKeys: String, CodingKey {
            case latency = "latency_seconds"
            case targetSeconds = "target_seconds"
            case ratioWithinTarget = "ratio_within_target"
            case meetsTarget = "meets_target"
        }

        var latency: LatencyStatistics?
        /// The target of the default objective.
        var targetSeconds: Double
        /// The share of successes within the target.
        var ratioWithinTarget: Double?
        /// Whether the mean over all successes is within the target.
        var meetsTarget: Bool
    }

    /// A benchmark of which not all was measured.
    struct Unfinished: Codable, Hashable {
        var benchmark: String
        /// As a clause.
        var reason: String
    }

    /// One operation of a run.
    struct Operation: Codable, Hashable {
        private enum CodingKeys: String, CodingKey {
            case identity, fingerprint, objective, samples, grade, invalidity, failures, slowest, change
            case successRatio = "success_ratio"
            case latency = "latency_seconds"
            case judgedSeconds = "judged_seconds"
            case isConfident = "confident"
            case lastFailure = "last_failure"
            case valuesSeconds = "values_seconds"
        }

        var identity: BenchmarkIdentity
        /// Of what was asked and under which load, wherever: what has another one is not compared.
        var fingerprint: String
        var objective: Objective
        var samples: Int
        /// `nil` where nothing was measured.
        var successRatio: Double?
        var latency: LatencyStatistics?
        /// The objective's statistic with failures as infinite.
        var judgedSeconds: Double?
        /// `nil` where nothing was measured.
        var grade: Grade?
        /// Whether the number of iterations supports the grade at 95 %.
        var isConfident: Bool?
        /// Why the figures say nothing about the target, as a clause.
        var invalidity: String?
        var failures: [FailureReason: Int]
        var lastFailure: IterationFailure?
        /// Of all successes in the objective's metric, ascending.
        var valuesSeconds: [Double]
        var slowest: Slowest?
        /// Against what the suite is compared with.
        var change: Change?
    }

    /// The success that took longest.
    struct Slowest: Codable, Hashable {
        private enum CodingKeys: String, CodingKey {
            case seconds
            case phases = "phases_seconds"
            case traceID = "trace_id"
        }

        var seconds: Double
        var phases: [ProbePhase: Double]
        var traceID: String?
    }

    /// What the changes are against.
    struct Comparison: Codable, Hashable {
        enum Basis: String, Codable {
            /// What an exporter has learnt and stored.
            case baseline
            case earlierRun = "earlier_run"
            /// One that was ended before all of it was measured.
            case earlierPartialRun = "earlier_partial_run"
        }

        var basis: Basis
        /// Which operations cannot be compared and why, as a clause; `nil` where all can.
        var gap: String?
    }

    /// How an operation changed.
    struct Change: Codable, Hashable {
        enum Verdict: String, Codable {
            /// Nothing that is certain and large enough to matter.
            case none
            case worse, better
            /// It fails more often; nothing is said of its latency then.
            case failing
        }

        /// Of latency, with limits at 99.9 %, as if iterations were independent where it is from an earlier run; `nil` without
        /// a success.
        var shift: ShiftRatio?
        var verdict: Verdict

        var isRegression: Bool {
            switch verdict {
            case .worse, .failing: true
            case .none, .better: false
            }
        }
    }

    /// The report of `operations`, of which all `successes` took so long.
    init(of operations: [Operation], successes: [Duration], target: Duration, completedAt: Double, isPartial: Bool) {
        self.operations = operations
        self.completedAt = completedAt
        self.isPartial = isPartial
        let statistics = SuiteStatistics(ofSuccesses: successes, target: target)
        suite = Suite(
            latency: statistics.latency,
            targetSeconds: target.seconds,
            ratioWithinTarget: statistics.ratioWithinTarget,
            meetsTarget: statistics.meetsTarget
        )
    }

    /// The operation whose judged statistic is greatest, one that only failed before all others; `nil` where none was measured.
    var slowestOperation: Operation? {
        operations.filter { $0.grade != nil }
            .max { ($0.judgedSeconds ?? .infinity) < ($1.judgedSeconds ?? .infinity) }
    }

    /// Whether an objective was missed.
    var hasFailed: Bool { operations.contains { $0.grade == .fail } }

    /// Whether an operation became worse.
    var hasRegressed: Bool { operations.contains { $0.change?.isRegression == true } }
}

extension SuiteReport.Operation {
    init(_ record: OperationRecord, _ summary: OperationSummary, fingerprint: String) {
        let metric = record.objective.metric
        let successes = record.iterations.filter { $0.failure == nil && $0.value(of: metric) != nil }
        let slowest = successes.max { ($0.value(of: metric) ?? .zero) < ($1.value(of: metric) ?? .zero) }
        identity = record.identity
        self.fingerprint = fingerprint
        objective = record.objective
        samples = record.iterations.count
        successRatio = record.statistics?.successRatio
        latency = record.statistics?.latency
        judgedSeconds = record.statistics.flatMap { $0.judged.isFinite ? $0.judged : nil }
        grade = record.statistics?.grade
        isConfident = record.isConfident
        invalidity = summary.invalidity
        failures = summary.failures
        lastFailure = summary.lastFailure
        valuesSeconds = successes.compactMap { $0.value(of: metric)?.seconds }.sorted()
        self.slowest = slowest.map { iteration in
            SuiteReport.Slowest(
                seconds: iteration.value(of: metric)?.seconds ?? 0,
                phases: iteration.phases.mapValues(\.seconds),
                traceID: iteration.traceID
            )
        }
    }

    /// Benchmark and operation in one word.
    var name: String { "\(identity.benchmark)/\(identity.operation)" }
}
