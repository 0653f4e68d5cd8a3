"""PromQL as the dashboards write it.

An operation of a benchmark is the three labels benchmark, operation and target, and several exporters may measure it.
Of the figures of the last run the worst of any exporter is taken, be it the most or the least; counters are added up.
What could be NaN or infinite is left out by the query or clamped, for neither can be drawn.

Labels are given by name; a value may begin with an operator: series("up", job="=~a|b", instance="!=c").
"""

import re

OPERATION = "benchmark, operation, target"
EXPORTERS = {"job": "=~$job", "instance": "=~$instance"}
SELECTED = {**EXPORTERS, "benchmark": "=~$benchmark", "operation": "=~$operation"}
WORST_RATIO = 10  # where a ratio to the objective is cut off: a failed run's is infinite


def series(name, **labels):
    matchers = [re.fullmatch(r"(=~|!~|!=|)(.*)", value).groups() for value in labels.values()]
    return (
        name + "{" + ", ".join(f'{label}{how or "="}"{value}"' for label, (how, value) in zip(labels, matchers)) + "}"
    )


def selected(name, **labels):
    """The series of a benchmark metric that the variables select."""
    return series("ai_benchmark_" + name, **SELECTED, **labels)


def exporters(name, **labels):
    """The series of a metric of the exporters that the variables select; the name is whole."""
    return series(name, **EXPORTERS, **labels)


def most(expression, by=OPERATION):
    return f"max by ({by}) ({expression})"


def least(expression, by=OPERATION):
    return f"min by ({by}) ({expression})"


def increase(name, by=OPERATION, window="$window", **labels):
    return f"sum by ({by}) (increase({selected(name, **labels)}[{window}]))"


def share(part, whole):
    """A ratio without its 0/0."""
    return f"{part} / ({whole} > 0)"


def mean(histogram, by=OPERATION, **labels):
    """The mean of what a histogram observed over the window."""
    return share(increase(histogram + "_sum", by, **labels), increase(histogram + "_count", by, **labels))


def quantile(q, histogram, by=OPERATION, **labels):
    """A quantile of a histogram over the window; without observations it is absent instead of NaN."""
    buckets = f"sum by (le, {by}) (rate({selected(histogram + '_bucket', **labels)}[$window]))"
    return f"histogram_quantile({q}, {buckets}) >= 0"


def heat(histogram, **labels):
    return increase(histogram + "_bucket", by="le", window="$__rate_interval", **labels)


def run_latency(statistic):
    return most(selected("run_latency_seconds", statistic=statistic))


def performance_ratio():
    return most(f"clamp_max({selected('run_performance_ratio')}, {WORST_RATIO})")


def failed_grade():
    """1 for an operation whose last run missed its objective, else 0."""
    return most(selected("run_grade", grade="fail"))


def good_share():
    return share(increase("iterations_total", result="good"), increase("iterations_total"))


def budget_left(window):
    """The share of the error budget that is left: 1 with no bad answer, below 0 once the objective is missed."""
    bad = increase("iterations_total", window=window, result="=~slow|failed")
    bad_share = share(bad, increase("iterations_total", window=window))
    return f"1 - ({share(bad_share, most(selected('objective_ratio')))})"


def degraded():
    return most(selected("regression_state", direction="degradation"))


def verdict():
    """1 slower than the baseline, -1 faster, 0 as before."""
    return f"{degraded()} - {most(selected('regression_state', direction='improvement'))}"


def since_last_run():
    return f"time() - {most(selected('run_last_completed_timestamp_seconds'))}"
