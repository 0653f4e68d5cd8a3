import BenchmarkModel

/// The alerts that say that the exporter itself is not well.
enum ExporterAlerts {
    static func rules(_ writer: AlertWriter) -> [Rule] {
        presence(writer) + durability(writer) + operation(writer)
    }

    /// An exporter is known by what it has said within a day, so no name of a job is needed.
    private static func presence(_ writer: AlertWriter) -> [Rule] {
        writer.rules(
            .exporterDown,
            """
            up == 0
            and on (job, instance)
            present_over_time(\(QueriedMetric.buildInfo)[1d])
            """,
            summary: "The exporter at {{ $labels.instance }} does not answer",
            description: "Nothing is known of its benchmarks while it does not, and nothing else will say so."
        )
            + writer.rules(
                .exporterAbsent,
                "absent(\(QueriedMetric.buildInfo))",
                summary: "There is no exporter at all",
                description: "No exporter is scraped: none is running, or Prometheus does not know where."
            )
    }

    private static func durability(_ writer: AlertWriter) -> [Rule] {
        writer.rules(
            .storeDown,
            "\(QueriedMetric.storeUp) == 0",
            summary: "The store of the exporter at {{ $labels.instance }} does not answer",
            description: "Probing goes on; what is measured now would be lost in a restart."
        )
            + writer.rules(
                .undurable,
                "\(QueriedMetric.undurableRuns) > 0",
                summary: "{{ $value }} runs of the exporter at {{ $labels.instance }} are not in its store",
                description: "They are exposed and not yet committed: a crash now would set the counters back to zero."
            )
    }

    private static func operation(_ writer: AlertWriter) -> [Rule] {
        let sent = { (matchers: String) in
            "sum without (outcome) (increase(\(QueriedMetric.alertNotifications)\(matchers)[15m]))"
        }
        return writer.rules(
            .budgetExhausted,
            "max without (benchmark, operation) (\(QueriedMetric.budgetRemaining)) <= 0",
            summary: "The token budget of {{ $labels.target }} is spent",
            description: "Its benchmarks are skipped until the budget is renewed; those that cost no tokens go on."
        )
            + writer.rules(
                .notificationsFailing,
                #"\#(sent(#"{outcome="failed"}"#)) / \#(sent("")) > 0.1"#,
                summary: "{{ $value | humanizePercentage }} of the notifications of {{ $labels.instance }} fail",
                description: "An Alertmanager does not take what the exporter tells it: its own alerts may not arrive."
            )
            + writer.rules(
                .configReloadFailed,
                "\(QueriedMetric.configReloadSuccessful) == 0",
                summary: "The exporter at {{ $labels.instance }} could not reload its configuration",
                description: "It goes on with the old one; a restart would fail."
            )
            + writer.rules(
                .watchdog,
                "vector(1)",
                summary: "Alerts arrive",
                description: "This alert always fires: where it does not arrive, none does."
            )
    }
}
