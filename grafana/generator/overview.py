"""Overview: is every operation within its objective, what is slow, what got worse, and what fires."""

from dashboard import URL_OF_BENCHMARK, benchmark_variables, dashboard, row, runbook, sized
from panels import (
    BLUE,
    GREEN,
    ORANGE,
    RED,
    YELLOW,
    bars,
    column,
    instant,
    lines,
    override,
    query,
    stat,
    steps,
    table,
    timeline,
    values,
)
from promql import (
    WORST_RATIO,
    budget_left,
    degraded,
    exporters,
    failed_grade,
    good_share,
    most,
    performance_ratio,
    run_latency,
    selected,
    series,
    since_last_run,
    verdict,
)

GRADES = values(_0=("pass", GREEN), _1=("fail", RED))
STATES = values(_m1=("faster", BLUE), _0=("as before", GREEN), _1=("slower", RED))
NO_SUCCESS = {"noValue": "no answer succeeded"}
NONE_IS_GOOD = steps(GREEN, (1, RED))
RATIO = steps(GREEN, (0.8, YELLOW), (1, RED))
BUDGET = steps(RED, (0, ORANGE), (0.25, YELLOW), (0.5, GREEN))
OPERATION = {"benchmark": "Benchmark", "operation": "Operation", "target": "Target"}
DETAILS = [{"title": "Details of ${__data.fields.Benchmark}", "url": URL_OF_BENCHMARK}]
P95 = run_latency("p95")


def now():
    return sized(
        4,
        4,
        stat("Operations", "Operations of benchmarks that have a grade.", [query(f"count({failed_grade()})", "")]),
        stat(
            "Objective missed",
            "Operations whose last run did not keep its objective, failures included.",
            [query(f"sum({failed_grade()})", "")],
            thresholds=NONE_IS_GOOD,
            links=[runbook("P95Breach")],
        ),
        stat(
            "Slower than baseline",
            "Operations whose latency left the frozen baseline, beyond noise.",
            [query(f"sum({degraded()})", "")],
            thresholds=NONE_IS_GOOD,
            links=[runbook("Regression")],
        ),
        stat(
            "Alerts firing",
            "Alerts that the exporters themselves say are firing.",
            [query(f"sum({exporters('ai_benchmark_alert_state', state='firing')})", "")],
            thresholds=NONE_IS_GOOD,
        ),
    ) + sized(
        8,
        4,
        stat(
            "Slowest operation",
            "The highest P95 of the last runs.",
            [instant(f"topk(1, {P95})")],
            "s",
            text="value_and_name",
            defaults=NO_SUCCESS,
        ),
    )


def operations():
    columns = {
        failed_grade(): "Grade",
        P95: "P95",
        most(selected("objective_seconds")): "Objective",
        performance_ratio(): "Of the objective",
        most(f"1 - {selected('run_success_ratio')}"): "Failed",
        budget_left("$__range"): "Error budget left",
        since_last_run(): "Last run",
    }
    looks = [
        override("Benchmark", links=DETAILS),
        column("Grade", mappings=GRADES),
        column("P95", "s"),
        column("Objective", "s"),
        column("Of the objective", "percentunit", thresholds=RATIO),
        column("Failed", "percentunit", thresholds=steps(GREEN, (0.01, RED))),
        column("Error budget left", "percentunit", thresholds=BUDGET),
        column("Last run", "s", decimals=0),
    ]
    return table(
        "Operations against their objectives",
        "The last run of each operation. Of the objective: its statistic divided by the target, a failure counting as "
        f"infinite, cut off at {WORST_RATIO} times. Error budget: of the time range. A benchmark leads to its details.",
        columns,
        OPERATION,
        sort="Of the objective",
        overrides=looks,
        links=[runbook("P95Breach"), runbook("RunStale"), runbook("NoSeries")],
    )


def over_time():
    return sized(
        12,
        9,
        lines(
            "Objective's statistic against its target",
            "1 is the objective; P95 of most. Failures count as infinite, cut off at 10 times.",
            [query(performance_ratio())],
            "percentunit",
            limits=steps("transparent", (1, RED)),
            links=[runbook("P95Breach")],
        ),
        lines(
            "Error budget left",
            "Over the window: 100 % with no slow or failed answer, below 0 once the objective is missed.",
            [query(budget_left("$window"))],
            "percentunit",
            signed=True,
            defaults={"max": 1},
            limits=steps(RED, (0, "transparent")),
            links=[runbook("LatencyBudgetBurnFast"), runbook("LatencyBudgetBurnSlow")],
        ),
        timeline("Grades", "The grade of each run.", [query(failed_grade())], GRADES, links=[runbook("P95Breach")]),
        bars(
            "Slowest operations",
            "P95 of the last runs, the ten highest.",
            [instant(f"topk(10, {P95})")],
            "s",
            defaults=NO_SUCCESS,
        ),
        lines(
            "Good answers",
            "Share of iterations within the objective, over the window; exact, as it comes from counters.",
            [query(good_share())],
            "percentunit",
            defaults={"max": 1},
            links=[runbook("SuccessRateLow"), runbook("AvailabilityBudgetBurnFast")],
        ),
        lines("P95 of the last runs", "What users wait for; of successes.", [query(P95)], "s", defaults=NO_SUCCESS),
    )


def regressions():
    return sized(
        12,
        8,
        timeline(
            "Against the baseline",
            "Whether the latency left the frozen baseline, and in which direction.",
            [query(verdict())],
            STATES,
            links=[runbook("Regression")],
        ),
        lines(
            "Shift from the baseline",
            "Median now divided by that of the baseline; 1 is as before.",
            [query(most(selected("regression_shift_ratio")))],
            "percentunit",
            signed=True,
            links=[runbook("Regression"), runbook("TrendDegrading")],
        ),
    )


def alerts():
    colors = values(pending=("pending", YELLOW), firing=("firing", RED))
    looks = [
        override("Alert", links=[{"title": "Runbook", "url": "${runbooks}#${__value.text}", "targetBlank": True}]),
        column("State", mappings=colors),
    ]
    firing = series("ALERTS", alertname="=~AIBenchmark.+")
    firing_within = exporters("ai_benchmark_alert_state", state="firing")
    operation = {**OPERATION, "instance": "Exporter"}
    hidden = ["__name__", "job", "metric", "source", "statistic", "window"]
    return sized(
        12,
        8,
        table(
            "Alerts of Prometheus",
            "Pending and firing, by the rules that Prometheus has loaded; the Watchdog always fires.",
            {firing: "Value"},
            {"alertname": "Alert", "alertstate": "State", "severity": "Severity", **operation},
            sort="State",
            hidden=hidden,
            overrides=looks,
            links=[runbook("Watchdog")],
        ),
        lines(
            "Alerts of the exporters",
            "How many operations an alert fires for, as the exporters evaluate it without Prometheus.",
            [query(f"sum by (alert) ({firing_within})", "{{alert}}")],
            "short",
            bars=True,
            links=[runbook("NotificationsFailing")],
        ),
    ) + sized(
        24,
        5,
        timeline(
            "Exporters",
            "Whether Prometheus reaches them.",
            [query(exporters("up"), "{{job}} {{instance}}")],
            values(_0=("down", RED), _1=("up", GREEN)),
            links=[runbook("ExporterDown"), runbook("ExporterAbsent")],
        ),
    )


def overview():
    return dashboard(
        "overview",
        "AI benchmarks: overview",
        "Whether the AI service keeps its objectives, what is slow, what got worse, and which alerts fire.",
        benchmark_variables(),
        [
            *now(),
            *sized(24, 10, operations()),
            row("Over time"),
            *over_time(),
            row("Regressions"),
            *regressions(),
            row("Alerts"),
            *alerts(),
        ],
    )
