"""What CloudWatch makes of EMF lines, as far as the dashboard asks: series by dimension, statistics, spans of time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One metric over the service, or each of the series of one `dimension`."""

    namespace: str
    metric: str
    stat: str
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """Equal spans of time, `seconds` each, from the first line to the last."""

    start_ms: int
    seconds: float
    count: int

    def place(self, line: Line) -> int:
        return min(self.count - 1, int((line["_aws"]["Timestamp"] - self.start_ms) / 1000 / self.seconds))


def read_lines(log: str) -> list[Line]:
    """The EMF lines among whatever else a log holds."""
    lines = (json.loads(text) for text in log.splitlines() if text.startswith('{"_aws"'))
    return [cast(Line, line) for line in lines]


def spans_of(lines: Sequence[Line], count: int) -> Spans:
    times = [line["_aws"]["Timestamp"] for line in lines]
    return Spans(min(times), max(1.0, (max(times) - min(times)) / 1000) / count, count)


def series(lines: Iterable[Line], query: Query, spans: Spans) -> dict[str, list[float]]:
    """By the dimension's value, or under "": one number a span, NaN where nothing was measured."""
    found: dict[str, list[list[float]]] = {}
    for line in lines:
        for name in _series_of(line, query):
            cells = found.setdefault(name, [[] for _ in range(spans.count)])
            cells[spans.place(line)] += line[query.metric]
    return {name: [statistic(cell, query.stat) for cell in cells] for name, cells in sorted(found.items())}


def _series_of(line: Line, query: Query) -> Iterator[str]:
    """Where the line declares the metric in that namespace with those dimensions."""
    wanted = ["service"] if query.dimension is None else ["service", query.dimension]
    for directive in line["_aws"]["CloudWatchMetrics"]:
        declared = {metric["Name"] for metric in directive["Metrics"]}
        if directive["Namespace"] == query.namespace and query.metric in declared and wanted in directive["Dimensions"]:
            yield "" if query.dimension is None else line[query.dimension]


def statistic(values: Sequence[float], stat: str) -> float:
    """NaN of nothing."""
    if not values:
        return float("nan")
    if stat.startswith("p"):
        return float(np.percentile(values, float(stat[1:])))
    return float({"Sum": np.sum, "Average": np.mean, "Maximum": np.max}[stat](values))
