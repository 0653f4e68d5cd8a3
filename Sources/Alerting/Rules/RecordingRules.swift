import BenchmarkModel

/// What the alerts compute with, recorded under names of its own: of a benchmark in a job, over all replicas.
enum RecordingRules {
    /// The labels that tell replicas of one job apart.
    static let replicaLabels = "instance, pod, node"

    /// The number of iterations within `window`.
    static func iterations(_ window: AlertWindow) -> String { "job_benchmark:iterations:increase\(window.text)" }
    /// In the objective's metric, of the successes.
    static func p95(_ window: AlertWindow) -> String { "job_benchmark:latency_seconds:p95_\(window.text)" }
    static func mean(_ window: AlertWindow) -> String { "job_benchmark:latency_seconds:mean_\(window.text)" }

    static func rules(for classes: [RuleClass]) -> [Rule] {
        let own = grouped(classes.map { ($0.window, $0.benchmarks) })
        let all = grouped(
            classes.flatMap { entry in
                let burns = BurnRate.allCases.flatMap { [$0.windows(of: entry).long, $0.windows(of: entry).short] }
                return Set(burns + [entry.window]).map { ($0, entry.benchmarks) }
            }
        )
        return ErrorBudget.allCases.flatMap(budget) + all.flatMap(counts) + own.flatMap(figures)
    }

    private static func budget(_ budget: ErrorBudget) -> [Rule] {
        [.record(budget.ratio, "max without (\(replicaLabels)) (\(budget.metric))")]
            + BurnRate.allCases.map { .record(budget.limit($0), $0.share(of: budget.ratio)) }
    }

    private static func counts(_ window: AlertWindow, _ benchmarks: [WatchedBenchmark]) -> [Rule] {
        let matcher = benchmarks.matcher
        return [
            (iterations(window), matcher),
            (ErrorBudget.latency.spent(window), matcher + #", result!="good""#),
            (ErrorBudget.availability.spent(window), matcher + #", result="failed""#),
        ].map { name, matchers in
            let increase = "increase(\(QueriedMetric.iterations){\(matchers)}[\(window.text)])"
            return .record(name, "sum without (\(replicaLabels), result) (\(increase))")
        }
    }

    private static func figures(_ window: AlertWindow, _ benchmarks: [WatchedBenchmark]) -> [Rule] {
        var rules = ErrorBudget.allCases.map { budget in
            let count = "\(iterations(window)){\(benchmarks.matcher)}"
            let limit = BreachLimit.expression(of: count, allowing: budget.ratio)
            return Rule.record(budget.limit(window), budget == .latency ? "\(limit)\nand \(budget.ratio) > 0" : limit)
        }
        rules.append(
            .record(
                p95(window),
                ofObjectiveMetric(benchmarks) { metric, dropped in
                    let buckets = "rate(\(metric)_bucket{\(benchmarks.matcher)}[\(window.text)])"
                    return "histogram_quantile(0.95, sum without (\(dropped)) (\(buckets))) >= 0"
                }
            )
        )
        let onMean = benchmarks.filter { $0.objective.statistic == .mean }
        guard !onMean.isEmpty else { return rules }
        rules.append(
            .record(
                mean(window),
                ofObjectiveMetric(onMean) { metric, dropped in
                    let parts = ["_sum", "_count"].map { suffix in
                        "sum without (\(dropped)) (rate(\(metric)\(suffix){\(onMean.matcher)}[\(window.text)]))"
                    }
                    return parts.joined(separator: " / ")
                }
            )
        )
        return rules
    }

    /// What `expression` makes of a histogram and the labels to sum over, for each benchmark of the one that its objective
    /// is on.
    private static func ofObjectiveMetric(
        _ benchmarks: [WatchedBenchmark],
        _ expression: (QueriedMetric, String) -> String
    ) -> String {
        ObjectiveMetric.allCases.filter { metric in benchmarks.contains { $0.objective.metric == metric } }
            .map { metric in
                let histogram =
                    switch metric {
                    case .duration: expression(.duration, replicaLabels)
                    case .response: expression(.response, replicaLabels)
                    case .timeToFirstToken: expression(.timeToFirstToken, replicaLabels + ", model")
                    }
                let owner = "\(QueriedMetric.objective){metric=\(PromQL.quoted(metric.rawValue))}"
                return "\(histogram)\nand on (job, benchmark, operation, target) \(owner)"
            }
            .joined(separator: "\nor\n")
    }

    /// The benchmarks of each window, from the shortest window to the longest.
    private static func grouped(
        _ entries: [(AlertWindow, [WatchedBenchmark])]
    ) -> [(AlertWindow, [WatchedBenchmark])] {
        Dictionary(entries, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
