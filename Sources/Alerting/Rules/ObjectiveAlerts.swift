import BenchmarkModel

/// The alerts that say that an objective is not kept, or will not be.
enum ObjectiveAlerts {
    static func rules(for entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        breach(entry, writer) + breachOfMean(entry, writer) + successRate(entry, writer)
            + ErrorBudget.allCases.flatMap { budget in
                BurnRate.allCases.flatMap { burn in self.burn(budget, burn, entry, writer) }
            }
    }

    private static func breach(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        let onShare = entry.keeping { $0.objective.statistic != .mean }
        guard let onShare else { return [] }
        let window = entry.window
        let p95 = AnnotationText.value(
            RecordingRules.p95(window),
            labels: AnnotationText.jobLabels,
            otherwise: "unknown"
        )
        return writer.rules(
            .p95Breach,
            for: onShare,
            needsRuns: true,
            summary:
                "{{ $value | humanizePercentage }} of the answers to \(AnnotationText.benchmark) are slow or failed",
            description: "Over \(window.text) more answers were slower than the objective, or failed, than it allows."
                + " The P95 of the successes is \(p95), the target \(target(labels: AnnotationText.jobLabels))."
        ) { benchmarks in
            let bad = ErrorBudget.latency.spent(window).of(benchmarks)
            return """
                \(bad) / \(RecordingRules.iterations(window).of(benchmarks))
                and
                \(bad) > \(ErrorBudget.latency.limit(window).of(benchmarks))
                """
        }
    }

    /// An objective on the mean allows no share of slow answers; the mean itself is held against its target.
    private static func breachOfMean(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        guard let onMean = entry.keeping({ $0.objective.statistic == .mean }) else { return [] }
        let window = entry.window
        return writer.rules(
            .p95Breach,
            for: onMean,
            needsRuns: true,
            labels: [("statistic", ObjectiveStatistic.mean.rawValue)],
            summary: "Answers to \(AnnotationText.benchmark) take {{ $value | humanizeDuration }} on average",
            description: "Over \(window.text) the mean of the successes is beyond the target of"
                + " \(target(labels: AnnotationText.jobLabels))."
        ) { benchmarks in
            let objective = #"\#(QueriedMetric.objective){\#(benchmarks.matcher), statistic="mean"}"#
            return """
                \(RecordingRules.mean(window).of(benchmarks))
                > max without (\(RecordingRules.replicaLabels), metric, statistic) (\(objective))
                """
        }
    }

    private static func successRate(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        let window = entry.window
        return writer.rules(
            .successRateLow,
            for: entry,
            needsRuns: true,
            summary: "{{ $value | humanizePercentage }} of the answers to \(AnnotationText.benchmark) are right",
            description:
                "Over \(window.text) more answers failed, or were wrong, than the objective's error ratio allows."
        ) { benchmarks in
            let failed = ErrorBudget.availability.spent(window).of(benchmarks)
            return """
                1 - \(failed) / \(RecordingRules.iterations(window).of(benchmarks))
                and
                \(failed) > \(ErrorBudget.availability.limit(window).of(benchmarks))
                """
        }
    }

    private static func burn(
        _ budget: ErrorBudget,
        _ burn: BurnRate,
        _ entry: RuleClass,
        _ writer: AlertWriter
    ) -> [Rule] {
        let windows = burn.windows(of: entry)
        let complaint =
            switch budget {
            case .latency: "are slow or failed"
            case .availability: "fail"
            }
        return writer.rules(
            budget.alert(burn),
            for: entry,
            needsRuns: true,
            summary: "{{ $value | humanizePercentage }} of the answers to \(AnnotationText.benchmark) \(complaint)",
            description:
                "Over \(windows.long.text), and over the last \(windows.short.text), the error budget is spent so fast"
                + " that one of 30 days would last \(burn.duration)."
        ) { benchmarks in
            [windows.long, windows.short].map { window in
                let share =
                    "\(budget.spent(window).of(benchmarks)) / \(RecordingRules.iterations(window).of(benchmarks))"
                return "\(share) > \(budget.limit(burn))"
            }
            .joined(separator: "\nand\n")
        }
    }

    private static func target(labels: [String]) -> String {
        AnnotationText.value(QueriedMetric.objective.rawValue, labels: labels, otherwise: "unknown")
    }
}

extension RuleClass {
    /// The class with those of its benchmarks that are meant; `nil` where none is.
    fileprivate func keeping(_ isMeant: (WatchedBenchmark) -> Bool) -> Self? {
        let kept = benchmarks.filter(isMeant)
        return kept.isEmpty ? nil : Self(window: window, benchmarks: kept)
    }
}

extension String {
    /// The series of this name that are of `benchmarks`.
    fileprivate func of(_ benchmarks: [WatchedBenchmark]) -> String {
        "\(self){\(benchmarks.matcher)}"
    }
}
