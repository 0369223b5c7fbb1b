"""The rows of a panel that queries the log: `filter ispresent`, `stats ... by`, `sort`, `limit`, and no more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from local.dashboard.metric_lines import Line, statistic

_STATS = re.compile(r"\| stats (.+?) by (.+?) \|")
_FIGURE = re.compile(r"(sum|avg)\((\w+)\.0\) as (\w+)")
_STATISTIC = {"sum": "Sum", "avg": "Average"}


@dataclass(frozen=True, slots=True)
class LogTable:
    """The first rows, by the first figure, the largest first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tabulate(query: str, lines: Sequence[Line], *, most: int) -> LogTable:
    """ValueError for a query of another form."""
    found = _STATS.search(query)
    if found is None:
        raise ValueError(f"not a query by groups: {query}")
    figures, names = _FIGURE.findall(found[1]), found[2].split(", ")
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(tuple(line[name] for name in names), []).append(line)
    rows = [(group, [_figure(members, figure) for figure in figures]) for group, members in groups.items()]
    rows.sort(key=lambda row: -row[1][0])
    texts = tuple((*group, *(f"{number:.3g}" for number in numbers)) for group, numbers in rows[:most])
    return LogTable((*names, *(name for _, _, name in figures)), texts)


def _figure(members: Sequence[Line], figure: tuple[str, str, str]) -> float:
    kind, metric, _ = figure
    return statistic([value for line in members for value in line.get(metric, [])], _STATISTIC[kind])
