"""Panels of Grafana, each with the defaults that all dashboards share."""

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, YELLOW, ORANGE, RED, BLUE, GREY = "green", "yellow", "orange", "red", "blue", "#8e8e8e"
REDUCE_LAST = {"calcs": ["lastNotNull"], "fields": "", "values": False}
NAME = "{{benchmark}} / {{operation}}"


def query(expression, legend=NAME, **more):
    return {"expr": expression, "legendFormat": legend, "range": True, "instant": False, **more}


def instant(expression, legend=NAME, **more):
    return query(expression, legend, range=False, instant=True, **more)


def cell(expression):
    """A query whose series become rows of a table."""
    return instant(expression, format="table")


def steps(first, *more):
    """Thresholds: a colour, then pairs of a value and the colour from there on."""
    ladder = [{"color": first, "value": None}, *({"color": color, "value": value} for value, color in more)]
    return {"mode": "absolute", "steps": ladder}


def values(**texts):
    """Maps values to texts with a colour, as in values(_0=("pass", GREEN)); _m1 is -1."""
    options = {
        key.removeprefix("_").replace("m", "-"): {"text": text, "color": color, "index": index}
        for index, (key, (text, color)) in enumerate(texts.items())
    }
    return [{"type": "value", "options": options}]


def override(name, regex=False, **properties):
    """Properties of the fields with a name; double underscores stand for the dots of a property's path."""
    matcher = {"id": "byRegexp" if regex else "byName", "options": name}
    return {
        "matcher": matcher,
        "properties": [{"id": key.replace("__", "."), "value": value} for key, value in properties.items()],
    }


def colored(name, color):
    return override(name, color={"mode": "fixed", "fixedColor": color})


def objective_line(name="objective.*"):
    """The series of an objective as a dashed red line."""
    return override(
        name,
        regex=True,
        color={"mode": "fixed", "fixedColor": RED},
        custom__lineStyle={"fill": "dash", "dash": [8, 6]},
        custom__fillOpacity=0,
    )


def panel(kind, title, description, queries, unit, options, custom=None, **more):
    """A panel without its place; `defaults` and `overrides` go into the configuration of its fields."""
    defaults = {"unit": unit, "custom": custom or {}, **more.pop("defaults", {})}
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": SOURCE,
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": SOURCE, **target} for index, target in enumerate(queries)
        ],
        "fieldConfig": {"defaults": defaults, "overrides": more.pop("overrides", [])},
        "options": options,
        **more,
    }


def stat(title, description, queries, unit="none", thresholds=None, **more):
    defaults = {"thresholds": thresholds or steps(BLUE), "color": {"mode": "thresholds"}, **more.pop("defaults", {})}
    options = {
        "reduceOptions": REDUCE_LAST,
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "textMode": more.pop("text", "auto"),
    }
    return panel("stat", title, description, queries, unit, options, defaults=defaults, **more)


def lines(title, description, queries, unit, fill=0, stacked=False, bars=False, limits=None, signed=False, **more):
    """A time series from 0, or with `signed` from the least value; `limits` are thresholds, drawn as areas."""
    custom = {
        "drawStyle": "bars" if bars else "line",
        "lineWidth": 1,
        "fillOpacity": 60 if bars else fill,
        "showPoints": "never",
        "spanNulls": True,
        "stacking": {"mode": "normal" if stacked or bars else "none", "group": "A"},
    }
    if limits:
        custom["thresholdsStyle"] = {"mode": "area"}
        more["defaults"] = {"thresholds": limits, **more.get("defaults", {})}
    if not signed:
        more["defaults"] = {"min": 0, **more.get("defaults", {})}
    options = {
        "legend": {"showLegend": True, "displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel("timeseries", title, description, queries, unit, options, custom, **more)


def timeline(title, description, queries, mappings, **more):
    options = {
        "showValue": "never",
        "rowHeight": 0.8,
        "mergeValues": True,
        "legend": {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    defaults = {"mappings": mappings, "color": {"mode": "thresholds"}, "thresholds": steps(GREY)}
    custom = {"lineWidth": 0, "fillOpacity": 80}
    return panel("state-timeline", title, description, queries, "none", options, custom, defaults=defaults, **more)


def heatmap(title, description, expression, **more):
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {
            "mode": "scheme",
            "scheme": "Oranges",
            "fill": "dark-orange",
            "scale": "exponential",
            "exponent": 0.5,
            "steps": 64,
            "reverse": False,
        },
        "filterValues": {"le": 1e-9},
        "rowsFrame": {"layout": "auto"},
        "showValue": "never",
        "yAxis": {"unit": "s", "reverse": False, "axisPlacement": "left"},
        "legend": {"show": True},
        "tooltip": {"mode": "single", "yHistogram": True, "showColorScale": False},
        "exemplars": {"color": "rgba(255,0,255,0.7)"},
    }
    custom = {"scaleDistribution": {"type": "linear"}, "hideFrom": {"legend": False, "tooltip": False, "viz": False}}
    target = query(expression, "{{le}}", format="heatmap")
    return panel("heatmap", title, description, [target], "none", options, custom, **more)


def bars(title, description, queries, unit, thresholds=None, **more):
    options = {
        "displayMode": "gradient",
        "orientation": "horizontal",
        "reduceOptions": REDUCE_LAST,
        "showUnfilled": True,
        "valueMode": "color",
        "minVizHeight": 10,
        "minVizWidth": 0,
    }
    defaults = {
        "min": 0,
        "thresholds": thresholds or steps(BLUE),
        "color": {"mode": "thresholds"},
        **more.pop("defaults", {}),
    }
    return panel("bargauge", title, description, queries, unit, options, defaults=defaults, **more)


def table(title, description, columns, labels, sort, hidden=(), overrides=(), **more):
    """A table with a row for each set of labels.

    `columns` maps queries to titles, `labels` those labels that are shown. A single query may be there for its labels
    only, and is then called Value.
    """
    many = len(columns) > 1
    hidden = ["Time", *hidden, *(title for title in columns.values() if title == "Value")]
    names = [f"Value #{chr(ord('A') + index)}" if many else "Value" for index in range(len(columns))]
    renamed = {**labels, **dict(zip(names, columns.values()))}
    organize = {
        "renameByName": renamed,
        "indexByName": {name: index for index, name in enumerate(renamed)},
        "excludeByName": {name: True for name in hidden},
        "includeByName": {},
    }
    transformations = [{"id": "organize", "options": organize}]
    if many:
        transformations.insert(0, {"id": "merge", "options": {}})
    options = {"showHeader": True, "cellHeight": "sm", "frameIndex": 0, "sortBy": [{"displayName": sort, "desc": True}]}
    custom = {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False}
    queries = [cell(expression) for expression in columns]
    return panel(
        "table",
        title,
        description,
        queries,
        "none",
        options,
        custom,
        overrides=list(overrides),
        transformations=transformations,
        **more,
    )


def column(name, unit=None, mappings=None, thresholds=None, **more):
    """How a column of a table looks; with mappings or thresholds its cells are coloured."""
    properties = {"unit": unit, "mappings": mappings, "thresholds": thresholds, **more}
    if mappings or thresholds:
        properties["custom__cellOptions"] = {"type": "color-text"}
        properties["color"] = {"mode": "thresholds"}
    return override(name, **{key: value for key, value in properties.items() if value is not None})
