"""The panels of a dashboard's body, with their figures. Reads the same JSON that CloudWatch does; draws nothing."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.dashboard.metric_lines import Line, Query, Spans, series, spans_of

SPANS = 12
A_DAY_S = 86_400
_SEARCH = re.compile(r"SEARCH\('\{\"([^\"]+)\",service,([a-z_]+)\} MetricName=\"(\w+)\"', '(\w+)', \d+\)")
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda over, under: over / under if under else float("nan"),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """`curves` by their label, one number a span of `span_s`. `widget` is as the dashboard's body has it."""

    widget: Mapping[str, Any]
    span_s: float
    curves: Mapping[str, Sequence[float]]


def fill(widget: Mapping[str, Any], lines: Sequence[Line]) -> Panel:
    """ValueError for an expression that is neither a search nor arithmetic."""
    properties = widget["properties"]
    is_one = bool(properties.get("setPeriodToTimeRange")) or properties.get("period") == A_DAY_S
    spans = spans_of(lines, 1 if is_one else SPANS)
    known: dict[str, Sequence[float]] = {}
    shown: dict[str, Sequence[float]] = {}
    before: list[Any] = []
    for row in properties.get("metrics", ()):
        if isinstance(row[0], str):
            before = [before[place] if cell == "." else cell for place, cell in enumerate(row[:4])]
        curves = _curves(row, before, properties, lines, spans, known)
        options = row[-1]
        known |= {options["id"]: curves[""]} if "id" in options and "" in curves else {}
        if options.get("visible", True):
            shown |= {name or options["label"]: curve for name, curve in curves.items()}
    return Panel(widget, spans.seconds, shown)


def _curves(
    row: list[Any],
    named: list[Any],
    properties: Mapping[str, Any],
    lines: Sequence[Line],
    spans: Spans,
    known: Mapping[str, Sequence[float]],
) -> dict[str, list[float]]:
    options: dict[str, Any] = row[-1]
    if "expression" not in options:
        query = Query(named[0], named[1], options.get("stat", properties.get("stat", "Average")))
        return series(lines, query, spans) or {"": [float("nan")] * spans.count}
    if found := _SEARCH.fullmatch(options["expression"]):
        namespace, dimension, metric, stat = found.groups()
        return series(lines, Query(namespace, metric, stat, dimension), spans)
    tree = ast.parse(options["expression"], mode="eval").body
    return {"": [_value(tree, {name: curve[place] for name, curve in known.items()}) for place in range(spans.count)]}


def _value(node: ast.expr, known: Mapping[str, float]) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left, known), _value(node.right, known))
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")
