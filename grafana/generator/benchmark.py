"""Benchmark: everything about one benchmark, operation by operation."""

from dashboard import benchmark_variables, dashboard, row, runbook, sized
from overview import BUDGET, GRADES, NONE_IS_GOOD, RATIO, STATES
from panels import (
    GREEN,
    GREY,
    ORANGE,
    RED,
    YELLOW,
    colored,
    heatmap,
    instant,
    lines,
    objective_line,
    query,
    stat,
    steps,
    timeline,
    values,
)
from promql import (
    budget_left,
    failed_grade,
    heat,
    increase,
    least,
    mean,
    most,
    performance_ratio,
    quantile,
    run_latency,
    selected,
    since_last_run,
    verdict,
)

OPERATION = "{{operation}}"
VALID = values(_0=("floor too high", ORANGE), _1=("valid", GREEN))
RESULTS = [colored("good", GREEN), colored("slow", YELLOW), colored("failed", RED)]
NOT_MEASURED = {"noValue": "not measured by this probe"}


def last_run():
    return sized(
        4,
        4,
        stat(
            "Grade",
            "Of the last run, failures included.",
            [query(failed_grade(), OPERATION)],
            defaults={"mappings": GRADES},
            thresholds=NONE_IS_GOOD,
            links=[runbook("P95Breach")],
        ),
        stat(
            "Of the objective",
            "The objective's statistic divided by its target, cut off at 10 times.",
            [query(performance_ratio(), OPERATION)],
            "percentunit",
            RATIO,
        ),
        stat(
            "Error budget left",
            "Over the time range of the dashboard.",
            [instant(budget_left("$__range"), OPERATION)],
            "percentunit",
            BUDGET,
            links=[runbook("LatencyBudgetBurnFast")],
        ),
        stat(
            "Success",
            "Share of the last run's iterations that succeeded.",
            [query(least(selected("run_success_ratio")), OPERATION)],
            "percentunit",
            steps(RED, (0.99, GREEN)),
            links=[runbook("SuccessRateLow")],
        ),
        stat("Iterations", "Measured iterations of the last run.", [query(least(selected("run_samples")), OPERATION)]),
        stat(
            "Since the last run",
            "Time since the last run completed.",
            [query(since_last_run(), OPERATION)],
            "s",
            links=[runbook("RunStale")],
        ),
    )


def of_operation():
    """What is drawn once for each operation."""
    return sized(
        12,
        9,
        lines(
            "$operation: P50, P95 and P99",
            "Of the successes of each run, exact, in the objective's metric.",
            [
                query(run_latency("p50"), "P50"),
                query(run_latency("p95"), "P95"),
                query(run_latency("p99"), "P99"),
                query(most(selected("objective_seconds")), "objective"),
            ],
            "s",
            overrides=[objective_line()],
            links=[runbook("P95Breach")],
        ),
        heatmap(
            "$operation: durations",
            "Durations of successful iterations; the objective is a boundary of a bucket.",
            heat("duration_seconds"),
        ),
    ) + sized(
        8,
        8,
        lines(
            "$operation: iterations by result",
            "Good within the objective, slow beyond it, failed otherwise.",
            [query(increase("iterations_total", by="result", window="$__rate_interval"), "{{result}}")],
            "short",
            bars=True,
            overrides=RESULTS,
        ),
        lines(
            "$operation: phases",
            "Mean time of each phase over the window; of those that took place.",
            [query(mean("phase_duration_seconds", by="phase"), "{{phase}}")],
            "s",
            fill=40,
            stacked=True,
        ),
        lines(
            "$operation: failures by reason",
            "Measured iterations that failed.",
            [query(increase("failures_total", by="reason", window="$__rate_interval"), "{{reason}}")],
            "short",
            bars=True,
            links=[runbook("SuccessRateLow")],
        ),
    )


def answers():
    return sized(
        12,
        8,
        lines(
            "Success and right answers",
            "Of the last run: successes among all, and right ones among the well-formed.",
            [
                query(least(selected("run_success_ratio")), "success {{operation}}"),
                query(least(selected("run_validation_ratio")), "right {{operation}}"),
            ],
            "percentunit",
            defaults={"max": 1},
            links=[runbook("SuccessRateLow")],
        ),
        lines(
            "Visibility lag",
            "From an acknowledged write to the first answer that shows it, over the window.",
            [
                query(quantile(0.5, "visibility_lag_seconds"), "P50 {{operation}}"),
                query(quantile(0.95, "visibility_lag_seconds"), "P95 {{operation}}"),
            ],
            "s",
            defaults=NOT_MEASURED,
        ),
    )


def against_baseline():
    baseline = [
        query(
            most(selected("baseline_latency_seconds", statistic=statistic)),
            f"baseline {statistic.upper()} {{{{operation}}}}",
        )
        for statistic in ("p50", "p95")
    ]
    now = [query(run_latency(statistic), f"now {statistic.upper()} {{{{operation}}}}") for statistic in ("p50", "p95")]
    return sized(
        12,
        9,
        lines(
            "Baseline and now",
            "The frozen baseline beside the last runs.",
            [*now, *baseline],
            "s",
            links=[runbook("Regression")],
        ),
        timeline(
            "Verdict",
            "Whether the latency left the baseline.",
            [query(verdict(), OPERATION)],
            STATES,
            links=[runbook("Regression")],
        ),
    ) + sized(
        8,
        7,
        lines(
            "Shift",
            "Median now divided by that of the baseline.",
            [query(most(selected("regression_shift_ratio")), OPERATION)],
            "percentunit",
            signed=True,
        ),
        lines(
            "Trend",
            "Slope of the medians, as a share of the level, for each hour.",
            [query(most(selected("trend_slope_ratio_per_hour")), OPERATION)],
            "percentunit",
            signed=True,
            links=[runbook("TrendDegrading")],
        ),
        lines(
            "Samples of the baseline",
            "Successes that the baseline consists of; it is frozen at 400.",
            [query(least(selected("baseline_samples")), OPERATION)],
            "short",
        ),
    )


def load():
    return sized(
        12,
        8,
        lines(
            "Throughput and goodput",
            "Of the last run: all iterations, and those within the objective.",
            [
                query(least(selected("run_throughput_per_second")), "throughput {{operation}}"),
                query(least(selected("run_goodput_per_second")), "goodput {{operation}}"),
            ],
            "ops",
        ),
        lines(
            "Response time in open loop",
            "P95 over the window from the intended start, beside the duration.",
            [
                query(quantile(0.95, "response_seconds"), "response {{operation}}"),
                query(quantile(0.95, "duration_seconds"), "duration {{operation}}"),
            ],
            "s",
            defaults=NOT_MEASURED,
        ),
    ) + sized(
        12,
        7,
        lines(
            "In flight",
            "The most iterations at the same time in the last run.",
            [query(most(selected("run_peak_in_flight")), OPERATION)],
            "short",
        ),
        lines(
            "Efficiency",
            "Throughput against that of one worker times the number of workers.",
            [query(least(selected("run_efficiency_ratio")), OPERATION)],
            "percentunit",
            defaults=NOT_MEASURED,
        ),
    )


def validity():
    return sized(
        12,
        7,
        timeline(
            "Validity of the runs",
            "A run is invalid when the exporter's own floor was more than a tenth of the objective.",
            [query(least(selected("run_valid")), OPERATION)],
            VALID,
            links=[runbook("MeasurementInvalid")],
        ),
        timeline(
            "Confidence",
            "Whether a run has enough iterations to support its grade at 95 %.",
            [query(least(selected("run_confident")), OPERATION)],
            values(_0=("too few iterations", GREY), _1=("confident", GREEN)),
        ),
        lines(
            "Slots of the schedule",
            "What became of them.",
            [query(increase("runs_total", by="outcome", window="$__rate_interval"), "{{outcome}}")],
            "short",
            bars=True,
            overrides=[colored("completed", GREEN), colored("missed", RED), colored("aborted", ORANGE)],
            links=[runbook("RunsMissed")],
        ),
        lines(
            "Lateness",
            "Actual minus intended start of runs, P95 over the window.",
            [query(quantile(0.95, "run_lateness_seconds"), OPERATION)],
            "s",
            links=[runbook("RunsMissed")],
        ),
    )


def benchmark():
    return dashboard(
        "benchmark",
        "AI benchmarks: benchmark",
        "One benchmark: how its latency is distributed, where the time goes, why it fails, and whether it got worse.",
        benchmark_variables(one=True),
        [
            *last_run(),
            row("$operation", repeat="operation"),
            *of_operation(),
            row("Answers"),
            *answers(),
            row("Baseline and regression"),
            *against_baseline(),
            row("Load"),
            *load(),
            row("Can the figures be trusted?"),
            *validity(),
        ],
    )
