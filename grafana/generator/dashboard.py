"""A dashboard around its panels: variables, annotations, links, and the places of the panels."""

from panels import SOURCE
from promql import EXPORTERS, SELECTED, exporters, selected, series

TAG = "ai-benchmark-exporter"
WIDTH = 24
RUNBOOKS = "https://github.com/ai-benchmark-exporter/ai-benchmark-exporter/blob/main/docs/runbooks.md"
WINDOWS = ["5m", "15m", "30m", "1h", "6h", "1d", "7d"]
URL_OF_BENCHMARK = (
    "/d/ai-benchmark-benchmark?${datasource:queryparam}&${job:queryparam}&${instance:queryparam}&${__url_time_range}"
    "&var-benchmark=${__data.fields.Benchmark:percentencode}&var-operation=${__data.fields.Operation:percentencode}"
)


def runbook(alert):
    """A link from a panel to what the runbooks say of an alert."""
    anchor = ("AIBenchmark" + alert).lower()
    return {"title": f"Runbook: {alert}", "url": "${runbooks}#" + anchor, "targetBlank": True}


def choice(name, label, of, multi=True):
    """A variable with the values of a label, of which all are chosen at first, or with `multi` false one."""
    everything = {"includeAll": True, "allValue": ".+", "current": {"text": "All", "value": "$__all"}}
    return {
        "type": "query",
        "name": name,
        "label": label,
        "datasource": SOURCE,
        "query": {"query": f"label_values({of}, {name})", "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": multi,
        **(everything if multi else {"includeAll": False, "current": {}}),
    }


def exporter_variables():
    return [
        {"type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "current": {}},
        choice("job", "Job", "ai_benchmark_exporter_build_info"),
        choice("instance", "Exporter", series("ai_benchmark_exporter_build_info", job=EXPORTERS["job"])),
    ]


def benchmark_variables(of="ai_benchmark_info", one=False):
    """Variables that select operations among the series of a metric; with `one`, those of a single benchmark."""
    return [
        *exporter_variables(),
        choice("benchmark", "Benchmark", series(of, **EXPORTERS), multi=not one),
        choice("operation", "Operation", series(of, **EXPORTERS, benchmark=SELECTED["benchmark"])),
    ]


def constants():
    window = {
        "type": "interval",
        "name": "window",
        "label": "Window",
        "description": "What shares and quantiles look back on; longer than the interval of a benchmark.",
        "query": ",".join(WINDOWS),
        "current": {"text": "1h", "value": "1h"},
        "options": [{"text": text, "value": text, "selected": text == "1h"} for text in WINDOWS],
        "auto": False,
    }
    runbooks = {
        "type": "constant",
        "name": "runbooks",
        "description": "Where the runbooks are; change it to your copy.",
        "query": RUNBOOKS,
        "current": {"text": RUNBOOKS, "value": RUNBOOKS},
        "hide": 2,
    }
    return [window, runbooks]


def annotation(name, color, expression, title, text, at_value=False):
    """Marks where a query has samples; with `at_value` at the times, in milliseconds, that the samples are."""
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": True,
        "iconColor": color,
        "expr": expression,
        "titleFormat": title,
        "textFormat": text,
        "useValueForTime": at_value,
    }


def annotations(with_benchmarks):
    loaded = exporters("ai_benchmark_exporter_config_last_reload_success_timestamp_seconds")
    marks = [
        annotation("Configuration loaded", "blue", f"{loaded} * 1000", "Configuration loaded", "{{instance}}", True)
    ]
    if with_benchmarks:
        degraded = selected("regression_state", direction="degradation")
        marks.append(
            annotation(
                "Regression", "red", f"{degraded} == 1", "Slower than its baseline", "{{benchmark}} / {{operation}}"
            )
        )
    return marks


def row(title, **more):
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "size": (WIDTH, 1), **more}


def sized(width, height, *panels):
    """Panels with the same width, of 24 columns, and the same height."""
    return [{**panel, "size": (width, height)} for panel in panels]


def placed(panels):
    """Panels from left to right and from top to bottom, each with its place and its number."""
    x = y = height = 0
    for number, panel in enumerate(panels, start=1):
        wide, high = panel["size"]
        if x + wide > WIDTH:
            x, y, height = 0, y + height, 0
        yield {"id": number, "gridPos": {"x": x, "y": y, "w": wide, "h": high}} | {
            key: value for key, value in panel.items() if key != "size"
        }
        x, height = x + wide, max(height, high)


def dashboard(name, title, description, variables, panels):
    others = {
        "type": "dashboards",
        "title": "Benchmarks",
        "tags": [TAG],
        "icon": "external link",
        "tooltip": "",
        "url": "",
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
    }
    runbooks = {
        **others,
        "type": "link",
        "title": "Runbooks",
        "tags": [],
        "icon": "doc",
        "url": "${runbooks}",
        "includeVars": False,
    }
    with_benchmarks = any(variable["name"] == "benchmark" for variable in variables)
    return {
        "uid": "ai-benchmark-" + name,
        "title": title,
        "description": description,
        "tags": [TAG],
        "schemaVersion": 39,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "links": [others, {**runbooks, "keepTime": False, "targetBlank": True}],
        "annotations": {"list": annotations(with_benchmarks)},
        "templating": {"list": [*variables, *constants()]},
        "panels": list(placed(panels)),
    }
