"""Exporter: is the exporter well, does it keep what it measures, and what does it cost."""

from dashboard import dashboard, exporter_variables, row, runbook, sized
from panels import GREEN, GREY, RED, lines, objective_line, query, stat, steps, table, values
from promql import exporters, least

EXPORTER = "{{instance}}"
YES_IS_GOOD = values(_0=("no", RED), _1=("yes", GREEN))
YES_IS_BAD = values(_0=("no", GREEN), _1=("yes", RED))
BAD_ABOVE_NONE = steps(GREEN, (1, RED))


def own(name, **labels):
    """A metric of the exporter itself."""
    return exporters("ai_benchmark_exporter_" + name, **labels)


def of_benchmarks(name, **labels):
    """A metric of benchmarks, all of them."""
    return exporters("ai_benchmark_" + name, **labels)


def rate(series, by):
    return f"sum by ({by}) (rate({series}[$__rate_interval]))"


def of_exporters(expression):
    """Only those of the series that are of exporters: every program that Prometheus knows has these names."""
    return f"{expression} and on (job, instance) {own('build_info')}"


def of_process(name):
    return of_exporters(exporters("process_" + name))


def health():
    def yes_or_no(title, description, expression, mappings, alert):
        found = [query(expression, EXPORTER)]
        looks = {"mappings": mappings}
        return stat(title, description, found, defaults=looks, thresholds=steps(GREY), links=[runbook(alert)])

    return sized(
        4,
        4,
        yes_or_no(
            "Reached by Prometheus", "Whether the last scrape succeeded.", exporters("up"), YES_IS_GOOD, "ExporterDown"
        ),
        yes_or_no(
            "Store up", "Whether the last operation of the store succeeded.", own("store_up"), YES_IS_GOOD, "StoreDown"
        ),
        yes_or_no(
            "Store taken over",
            "Whether a newer exporter of the same instance owns the store.",
            own("store_fenced"),
            YES_IS_BAD,
            "StoreDown",
        ),
        yes_or_no(
            "Configuration in force",
            "Whether the last reload succeeded.",
            own("config_last_reload_successful"),
            YES_IS_GOOD,
            "ConfigReloadFailed",
        ),
        stat(
            "Undurable runs",
            "Published but not yet committed to the store.",
            [query(own("undurable_runs"), EXPORTER)],
            thresholds=BAD_ABOVE_NONE,
            links=[runbook("Undurable")],
        ),
        stat(
            "Running for",
            "Since the start of the process.",
            [query(f"time() - {of_process('start_time_seconds')}", EXPORTER)],
            "s",
        ),
    )


def store():
    return sized(
        12,
        8,
        lines(
            "Operations of the store",
            "By outcome, for each second.",
            [query(rate(own("store_operations_total"), "operation, outcome"), "{{operation}}: {{outcome}}")],
            "ops",
            links=[runbook("StoreDown")],
        ),
        lines(
            "Since the last commit",
            "Grows from run to run, and on and on when the store is down.",
            [query(f"time() - {own('snapshot_last_success_timestamp_seconds')}", EXPORTER)],
            "s",
            links=[runbook("Undurable")],
        ),
    )


def measuring():
    objective = query(
        f"0.1 * {least(of_benchmarks('objective_seconds'), by='instance')}",
        "objective's tenth, the least, {{instance}}",
    )
    unused = of_benchmarks("runs_total", outcome="!=completed")
    late = f"sum by (le, benchmark) (rate({of_benchmarks('run_lateness_seconds_bucket')}[$__range]))"
    return sized(
        12,
        8,
        lines(
            "Floor",
            "What the exporter itself adds. A run is invalid when this exceeds a tenth of its objective.",
            [query(own("floor_seconds"), "floor {{instance}}"), objective],
            "s",
            overrides=[objective_line()],
            links=[runbook("MeasurementInvalid")],
        ),
        lines(
            "Lag of the event loop",
            "How late the event loop of the probes ran a task, the greatest of the last minute.",
            [query(own("event_loop_lag_seconds"), EXPORTER)],
            "s",
            links=[runbook("MeasurementInvalid")],
        ),
        lines(
            "Lateness of runs",
            "Actual minus intended start, P95 over the time range.",
            [query(f"histogram_quantile(0.95, {late}) >= 0", "{{benchmark}}")],
            "s",
            links=[runbook("RunsMissed")],
        ),
        lines(
            "Slots that were not used",
            "Missed, skipped or aborted runs.",
            [query(f"sum by (outcome) (increase({unused}[$__rate_interval]))", "{{outcome}}")],
            "short",
            bars=True,
            links=[runbook("RunsMissed"), runbook("BudgetExhausted")],
        ),
    )


def cost():
    return sized(
        8,
        8,
        lines("Memory", "Resident, a few megabytes.", [query(of_process("resident_memory_bytes"), EXPORTER)], "bytes"),
        lines(
            "CPU",
            "Share of one core.",
            [query(of_exporters(f"rate({exporters('process_cpu_seconds_total')}[$__rate_interval])"), EXPORTER)],
            "percentunit",
        ),
        lines(
            "File descriptors",
            "Open ones, and the most that may be.",
            [query(of_process("open_fds"), "open {{instance}}"), query(of_process("max_fds"), "limit {{instance}}")],
            "short",
        ),
        lines(
            "Duration of a scrape",
            "As Prometheus sees it; the exporter only copies bytes.",
            [query(of_exporters(exporters("scrape_duration_seconds")), EXPORTER)],
            "s",
        ),
        lines(
            "Samples of a scrape",
            "Series of the exporter, and those that it left out at its limit.",
            [
                query(of_exporters(exporters("scrape_samples_scraped")), "scraped {{instance}}"),
                query(own("series_refused_total"), "refused {{instance}}"),
            ],
            "short",
        ),
        lines(
            "HTTP requests",
            "To the exporter, for each second.",
            [query(rate(own("http_requests_total"), "handler, code"), "{{handler}} {{code}}")],
            "reqps",
        ),
    )


def outgoing():
    return sized(
        12,
        8,
        lines(
            "Notifications",
            "Alerts that were sent to Alertmanager, by outcome.",
            [query(rate(own("alert_notifications_total"), "outcome"), "{{outcome}}")],
            "ops",
            links=[runbook("NotificationsFailing")],
            defaults={"noValue": "no Alertmanager is configured"},
        ),
        lines(
            "Tokens left",
            "What targets may still cost.",
            [query(least(of_benchmarks("budget_remaining_tokens"), by="target"), "{{target}}")],
            "short",
            links=[runbook("BudgetExhausted")],
            defaults={"noValue": "no budget is configured"},
        ),
    )


def inventory():
    return sized(
        8,
        7,
        table(
            "Versions",
            "What runs where.",
            {own("build_info"): "Value"},
            {"instance": "Exporter", "job": "Job", "version": "Version"},
            sort="Exporter",
            hidden=["__name__"],
        ),
    ) + sized(
        16,
        7,
        table(
            "Targets",
            "What the exporters ask.",
            {of_benchmarks("target_info"): "Value"},
            {"instance": "Exporter", "target": "Target", "kind": "Kind", "endpoint": "Endpoint"},
            sort="Exporter",
            hidden=["__name__", "job"],
        ),
    )


def exporter():
    return dashboard(
        "exporter",
        "AI benchmarks: exporter",
        "The exporter itself: whether it is well, keeps what it measures, and costs next to nothing.",
        exporter_variables(),
        [
            *health(),
            row("Store"),
            *store(),
            row("Measuring"),
            *measuring(),
            row("Cost"),
            *cost(),
            row("Notifications and budget"),
            *outgoing(),
            row("Inventory"),
            *inventory(),
        ],
    )
