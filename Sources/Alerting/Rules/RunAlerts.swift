import BenchmarkModel

/// The alerts that say that there is no measurement to judge, or that it has changed.
///
/// Without samples an alert on a share falls silent, as NaN is greater than nothing; these are there to speak then.
enum RunAlerts {
    static func rules(for entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        stale(entry, writer) + missed(entry, writer) + invalid(entry, writer) + regression(entry, writer)
            + trend(entry, writer)
    }

    /// A run is overdue once three intervals and the longest possible run have passed, since the last one and since the
    /// start of the process, which keeps the time of the last run over a restart; one that is to be the first, once the
    /// benchmark has been there for the length of the window.
    ///
    /// A replica that stands by is not overdue as long as another one runs; nor is a benchmark whose budget is spent, which
    /// has an alert of its own.
    private static func stale(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        let labels = ["job", "instance", "benchmark", "operation", "target"]
        let since = AnnotationText.value(
            "time() - \(QueriedMetric.runLastCompleted)",
            labels: labels,
            otherwise: "as long as the exporter runs, which is {{ $value | humanizeDuration }}"
        )
        return writer.rules(
            .runStale,
            for: entry,
            summary: "No run of \(AnnotationText.benchmark) has completed for \(since)",
            description:
                "A run is overdue by more than two intervals, so every other alert of this benchmark says nothing."
        ) { benchmarks in
            let matcher = benchmarks.matcher
            let longestRun = Int((benchmarks.map(\.longestRun).max() ?? 0).rounded(.up))
            let interval = "\(QueriedMetric.interval){\(matcher)}"
            let patience = "3 * \(interval) + \(longestRun)"
            let last = "\(QueriedMetric.runLastCompleted){\(matcher)}"
            let skipped = { (outcome: String) in
                #"increase(\#(QueriedMetric.runs){\#(matcher), outcome="\#(outcome)"}[\#(entry.window.text)]) > 0"#
            }
            let benchmark = "job, benchmark, operation, target"
            return """
                time() - \(QueriedMetric.processStartTime) > on (job, instance) group_right () (\(patience))
                unless
                time() - \(last) <= \(patience)
                unless
                (\(interval) unless \(last) unless \(interval) offset \(entry.window.text))
                unless on (\(benchmark), instance)
                (\(skipped("skipped_standby"))
                  and on (\(benchmark))
                  time() - max by (\(benchmark)) (\(last)) <= max by (\(benchmark)) (\(patience)))
                unless on (\(benchmark), instance)
                \(skipped("skipped_budget"))
                """
        }
    }

    private static func missed(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        writer.rules(
            .runsMissed,
            for: entry,
            summary: "{{ $value | humanizePercentage }} of the runs of \(AnnotationText.benchmark) did not take place",
            description: "Over \(entry.window.text) more than one slot of the schedule in ten passed without a run: the"
                + " exporter was not there, or the run before was still going."
        ) { benchmarks in
            let slots = { (more: String) in
                "sum without (outcome) (increase(\(QueriedMetric.runs){\(benchmarks.matcher)\(more)}[\(entry.window.text)]))"
            }
            let lost = slots(#", outcome=~"missed|skipped_overlap""#)
            return """
                \(lost) / \(slots("")) > 0.1
                and
                \(lost) > 1.5
                """
        }
    }

    private static func invalid(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        writer.rules(
            .measurementInvalid,
            for: entry,
            summary: "Only {{ $value | humanizePercentage }} of the runs of \(AnnotationText.benchmark) can be trusted",
            description:
                "Over \(entry.window.text) the exporter itself took more than a tenth of the objective in most runs:"
                + " the service may be faster than it seems."
        ) { benchmarks in
            "avg_over_time(\(QueriedMetric.runValid){\(benchmarks.matcher)}[\(entry.window.text)]) < 0.5"
        }
    }

    private static func regression(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        let ratio = AnnotationText.value(
            QueriedMetric.regressionShift.rawValue,
            labels: ["job", "instance", "benchmark", "operation", "target"],
            format: "humanize",
            otherwise: "more than once"
        )
        return writer.rules(
            .regression,
            for: entry,
            summary: "\(AnnotationText.benchmark) is worse than its baseline, at \(ratio) times the latency",
            description: "Latency or the share of failures has left the frozen baseline, beyond what noise explains."
        ) { benchmarks in
            #"\#(QueriedMetric.regressionState){\#(benchmarks.matcher), direction="degradation"} == 1"#
        }
    }

    private static func trend(_ entry: RuleClass, _ writer: AlertWriter) -> [Rule] {
        writer.rules(
            .trendDegrading,
            for: entry,
            summary: "\(AnnotationText.benchmark) becomes slower by {{ $value | humanizePercentage }} a day",
            description: "The medians of the latest runs rise steadily, by more than a tenth within a day."
        ) { benchmarks in
            "24 * \(QueriedMetric.trendSlope){\(benchmarks.matcher)} > 0.1"
        }
    }

    /// One rule for all benchmarks: those that are configured, and of which no exporter that is there says anything.
    static func noSeries(of benchmarks: [WatchedBenchmark], _ writer: AlertWriter) -> [Rule] {
        let enabled = benchmarks.filter {
            writer.policy.settings(of: .noSeries, benchmark: $0.identity.benchmark).isEnabled
        }
        guard !enabled.isEmpty else { return [] }
        let absent = enabled.map { benchmark in
            let matchers = LabelSet(benchmark.identity).labels.map { "\($0.name)=\(PromQL.quoted($0.value))" }
            return "absent(\(QueriedMetric.iterations){\(matchers.joined(separator: ", "))})"
        }
        return writer.rules(
            .noSeries,
            """
            (\(absent.joined(separator: "\n  or "))
            )
            and on ()
            count(\(QueriedMetric.buildInfo))
            """,
            summary: "No exporter has series of \(AnnotationText.benchmark)",
            description: "The benchmark is configured here, exporters are there, and none of them has the benchmark."
        )
    }
}
