"""Draws the frontier of cost and quality as a PNG, with matplotlib, which only an operator's machine has."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pointsman.domain.errors import RequestError
from pointsman.domain.frontier import Point, Swept

STYLES: dict[Swept, tuple[str, str, str]] = {
    "willingness_to_pay": ("o", "tab:blue", "willingness to pay"),
    "floor": ("s", "tab:green", "cheapest within so much of the best"),
    "pool": ("^", "tab:purple", "pool of models"),
    "today": ("*", "tab:red", "today"),
}


def draw_frontier(points: Sequence[Point], path: Path) -> None:
    """RequestError where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise RequestError("drawing needs matplotlib, of the dependency group `local`", field="--png") from error
    figure: Any = Figure(figsize=(9, 5.5), layout="constrained")
    axes = figure.subplots()
    on_frontier = sorted((p for p in points if p.on_frontier), key=lambda point: point.usd_each)
    axes.plot([1000 * p.usd_each for p in on_frontier], [p.quality for p in on_frontier], color="0.7", zorder=1)
    for swept, (marker, color, label) in STYLES.items():
        _scatter(axes, [p for p in points if p.setting.swept == swept], marker, color, label)
    axes.set_xlabel("US dollars per 1,000 requests (predicted, log scale)")
    axes.set_ylabel("predicted quality")
    axes.set_xscale("log")
    for formatted in (axes.xaxis.set_major_formatter, axes.xaxis.set_minor_formatter):
        formatted("{x:g}")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=130)


def _scatter(axes: Any, points: Sequence[Point], marker: str, color: str, label: str) -> None:
    if not points:
        return
    size = 260 if marker == "*" else 45
    usd, quality = [1000 * p.usd_each for p in points], [p.quality for p in points]
    axes.scatter(usd, quality, s=size, c=color, marker=marker, label=label, zorder=3)
    # Blue above, green below: the two sweeps run along each other.
    offset = (5, -10) if marker == "s" else (5, 5)
    for point in points:
        where = (1000 * point.usd_each, point.quality)
        axes.annotate(point.setting.label, where, xytext=offset, textcoords="offset points", fontsize=7, color=color)
