#!/usr/bin/env python3
"""Compares the regression detector with Apache Otava 0.8 on identical series: `regression-quality series | compare-otava.py`.

Needs `pip install apache-otava==0.8.0`. The area under the ROC curve is the share of pairs of a series with a change and
one without in which the one with it looks worse. Ours ranks series by the evidence of degradation. Otava ranks them by
the strictest significance threshold at which it reports a rise; it is given the medians of the runs and, separately, their
means, and the better area of the two counts. Its false alarms are of its default settings, in one pass at the end of
each series of 240 runs or more, which is kinder than asking it after every run.
"""

import json
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor

from otava.analysis import compute_change_points

THRESHOLDS = [0.999, 0.5, 0.2, 0.1, 0.05, 0.01, 1e-3, 1e-4, 1e-6, 1e-9, 1e-14, 1e-20]


def rises(series, threshold, magnitude=0.0):
    points, _ = compute_change_points(list(series), max_pvalue=threshold, min_magnitude=magnitude)
    return [point for point in points if point.stats.mean_2 > point.stats.mean_1]


def strictness(series):
    """The number of the strictest threshold that reports a rise; thresholds are looser to the left."""
    for number in range(len(THRESHOLDS), 0, -1):
        if rises(series, THRESHOLDS[number - 1]):
            return number
    return 0


def judge(line):
    item = json.loads(line)
    if item["runs"] == 40:
        item["otava"] = {statistic: strictness(item[statistic]) for statistic in ("medians", "means")}
    else:
        medians = item["medians"]
        item["otava_alarms"] = [len(rises(medians, 0.001)), len(rises(medians, 0.001, 0.05))]
    return item


def area(changed, unchanged):
    wins = sum((a > b) + (a == b) / 2 for a in changed for b in unchanged)
    return wins / (len(changed) * len(unchanged))


def main():
    groups = defaultdict(list)
    with ProcessPoolExecutor() as pool:
        for item in pool.map(judge, sys.stdin, chunksize=20):
            groups[item["shape"], item["runs"], item["factor"]].append(item)
    print("| shape | change | area, ours | area, Otava | false rises in 10,000 runs, ours | Otava | Otava from 5 % |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for shape in dict.fromkeys(key[0] for key in groups):
        still = groups[shape, 40, 1]
        long = groups[shape, 200, 1]
        scale = 10_000 / (len(long) * 200)
        rates = [sum(item["alarms"] for item in long) * scale]
        rates += [sum(item["otava_alarms"][column] for item in long) * scale for column in (0, 1)]
        for factor in (1.1, 1.25, 2):
            changed = groups[shape, 40, factor]
            ours = area([item["evidence"] for item in changed], [item["evidence"] for item in still])
            theirs = max(
                area([item["otava"][statistic] for item in changed], [item["otava"][statistic] for item in still])
                for statistic in ("medians", "means")
            )
            cells = [shape, f"{factor}×", f"{ours:.3f}", f"{theirs:.3f}", *(f"{rate:.1f}" for rate in rates)]
            print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
