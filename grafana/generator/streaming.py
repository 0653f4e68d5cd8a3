"""Streaming: first byte, first token, first visible token, the tokens between, and how many."""

from dashboard import benchmark_variables, choice, dashboard, row, runbook, sized
from panels import heatmap, lines, objective_line, query, stat
from promql import SELECTED, heat, increase, mean, most, quantile, selected, series, share

MODEL = {"model": "=~$model"}
BY_MODEL = "benchmark, operation, target, model"
SERIES = "{{operation}} {{model}}"
OF = "ai_benchmark_llm_time_to_first_byte_seconds_count"
MEASURES = {
    "First byte": ("llm_time_to_first_byte_seconds", "From the first byte of the request to the first of the answer."),
    "First token": ("llm_time_to_first_token_seconds", "To the first content, reasoning or tool-call token."),
    "First visible token": ("llm_time_to_first_visible_token_seconds", "To the first token that a user sees."),
    "Inter-token time": ("llm_inter_token_seconds", "Gaps between tokens."),
    "Time per output token": ("llm_time_per_output_token_seconds", "Mean after the first token, of each answer."),
}


def of_model(q, histogram):
    return quantile(q, histogram, by=BY_MODEL, **MODEL)


def figures():
    stats = [
        stat(f"{title}, P95", description, [query(of_model(0.95, name), SERIES)], "s")
        for title, (name, description) in MEASURES.items()
    ]
    time = mean("llm_time_per_output_token_seconds", by=BY_MODEL, **MODEL)
    speed = stat(
        "Tokens per second", "Of an answer after its first token, the mean.", [query(share("1", time), SERIES)], "short"
    )
    return sized(4, 4, *stats, speed)


def quantiles():
    objective = query(most(selected("objective_seconds", metric="time_to_first_token")), "objective {{operation}}")
    for title, (name, description) in MEASURES.items():
        queries = [query(of_model(q, name), f"P{round(q * 100)} {SERIES}") for q in (0.5, 0.95, 0.99)]
        if title == "First token":
            queries.append(objective)
        yield lines(title, description + " Over the window.", queries, "s", overrides=[objective_line()])


def amounts():
    rate = f"sum by (kind) (rate({selected('llm_tokens_total', **MODEL)}[$window]))"
    everything, output, estimated = (
        increase("llm_tokens_total", by=BY_MODEL, **MODEL, **labels)
        for labels in ({}, {"kind": "output"}, {"source": "estimated"})
    )
    answers = increase("llm_time_to_first_byte_seconds_count", by=BY_MODEL, **MODEL)
    return sized(
        12,
        8,
        lines(
            "Tokens",
            "For each second, by kind, warm-up included.",
            [query(rate, "{{kind}}")],
            "short",
            fill=30,
            stacked=True,
            links=[runbook("BudgetExhausted")],
        ),
    ) + sized(
        6,
        8,
        lines(
            "Output tokens of an answer",
            "Output tokens for each measured answer; warm-up is in the tokens only.",
            [query(share(output, answers), SERIES)],
            "short",
        ),
        lines(
            "Estimated",
            "Share of the tokens that were estimated, as the service did not say.",
            [query(share(estimated, everything), SERIES)],
            "percentunit",
            defaults={"max": 1},
        ),
    )


def distributions():
    return sized(
        12,
        9,
        heatmap("First token", "Times to the first token.", heat("llm_time_to_first_token_seconds", **MODEL)),
        heatmap("Inter-token time", "Gaps between tokens.", heat("llm_inter_token_seconds", **MODEL)),
    )


def streaming():
    model = choice("model", "Model", series(OF, **SELECTED))
    return dashboard(
        "streaming",
        "AI benchmarks: streaming",
        "How language models stream: when the first token comes, how fast the others follow, and how many they are.",
        [*benchmark_variables(of=OF), model],
        [
            *figures(),
            row("Over time"),
            *sized(8, 8, *quantiles()),
            row("Distributions"),
            *distributions(),
            row("Tokens"),
            *amounts(),
        ],
    )
