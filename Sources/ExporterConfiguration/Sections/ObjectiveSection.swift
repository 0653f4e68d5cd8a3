import BenchmarkModel

/// The settings of an objective, each `nil` where its value could not be read.
///
/// The target is that of the benchmark, else of its category, else of `defaults`, else of the environment, else 300 ms.
struct ObjectiveSettings {
    /// Overrides the target of 300 ms, in milliseconds.
    static let targetVariable = "AI_RESPONSE_TARGET_LATENCY"

    var metric: ObjectiveMetric?
    var statistic: ObjectiveStatistic?
    var target: Duration?
    var errorRatio: Double?

    /// The defaults of the defaults.
    init(environment: [String: String], log: ProblemLog) {
        let standard = Objective()
        metric = standard.metric
        statistic = standard.statistic
        target = standard.target
        errorRatio = standard.errorRatio
        guard let value = environment[Self.targetVariable], !value.isEmpty else { return }
        target = Self.duration(milliseconds: value)
        if target == nil {
            log.report(
                ValueProblem(
                    found: "\(value.quotedForMessage) in the environment",
                    expected: "milliseconds greater than zero, such as 300"
                ),
                at: .start,
                .key(Self.targetVariable, of: .root)
            )
        }
    }

    /// What `field` says, and for the rest what `others` say.
    init(reading field: Field?, others: Self) {
        self = others
        let keys = ["metric", "statistic", "target", "error_ratio"]
        guard let field, let section = Section(field, keys: keys) else { return }
        metric = section.setting("metric", default: metric) { $0.choice(of: ObjectiveMetric.self) }
        statistic = section.setting("statistic", default: statistic) { $0.choice(of: ObjectiveStatistic.self) }
        target = section.setting("target", default: target) { $0.duration() }
        errorRatio = section.setting("error_ratio", default: errorRatio) { $0.number(in: 0...1) }
    }

    /// The objective, or `nil` where a problem with a part of it has been reported.
    var objective: Objective? {
        guard let metric, let statistic, let target, let errorRatio else { return nil }
        return Objective(metric: metric, statistic: statistic, target: target, errorRatio: errorRatio)
    }

    private static func duration(milliseconds text: String) -> Duration? {
        guard let milliseconds = Double(text), milliseconds > 0, milliseconds <= 86_400_000 else { return nil }
        let duration = Duration.nanoseconds(Int64((milliseconds * 1e6).rounded()))
        return duration > .zero ? duration : nil
    }
}
