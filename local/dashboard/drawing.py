"""Draws panels on one picture, each where the dashboard places it. Knows nothing of where their figures come from."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib import colormaps
from matplotlib.figure import Figure

from local.dashboard.log_table import LogTable, tabulate
from local.dashboard.metric_lines import Line
from local.dashboard.panels import Panel, fill

COLUMNS = 24
INCHES = 0.8
# Around a panel's axes, in cells of the dashboard: for its scale, its title and its legend.
LEFT, RIGHT, TOP, BOTTOM = 1.0, 0.3, 0.7, 1.5
MOST_ROWS = 12
_COLORMAPS: Any = colormaps
_TWENTY: tuple[tuple[float, float, float], ...] = _COLORMAPS["tab20"].colors
# Strong colours first, pale ones after; a model has the same one in every panel.
PALETTE = (*_TWENTY[::2], *_TWENTY[1::2])


def draw(widgets: Sequence[Mapping[str, Any]], lines: Sequence[Line], path: Path) -> None:
    rows = max(widget["y"] + widget["height"] for widget in widgets)
    figure: Any = Figure(figsize=(COLUMNS * INCHES, rows * INCHES))
    for widget in widgets:
        x, y = widget["x"] + LEFT, rows - widget["y"] - widget["height"] + BOTTOM
        width, height = widget["width"] - LEFT - RIGHT, widget["height"] - TOP - BOTTOM
        axes = figure.add_axes((x / COLUMNS, y / rows, width / COLUMNS, height / rows))
        axes.set_title(widget["properties"]["title"], fontsize=11, loc="left", fontweight="bold")
        _draw_widget(axes, widget, lines)
    figure.savefig(path)


def _draw_widget(axes: Any, widget: Mapping[str, Any], lines: Sequence[Line]) -> None:
    if widget["type"] == "log":
        _draw_table(axes, tabulate(widget["properties"]["query"], lines, most=MOST_ROWS))
    elif widget["type"] == "alarm":
        axes.axis("off")
        names = [arn.removeprefix("${").removesuffix(".Arn}") for arn in widget["properties"]["alarms"]]
        axes.text(0, 1, "judged by CloudWatch alone:\n  " + "\n  ".join(names), va="top", fontsize=9)
    else:
        views = {"singleValue": _draw_values, "bar": _draw_bars, "timeSeries": _draw_curves}
        views[widget["properties"]["view"]](axes, fill(widget, lines))


def _draw_values(axes: Any, panel: Panel) -> None:
    axes.axis("off")
    for place, (label, values) in enumerate(panel.curves.items()):
        middle = (place + 0.5) / len(panel.curves)
        axes.text(middle, 0.6, f"{values[0]:.4g}", fontsize=24, ha="center", va="center")
        axes.text(middle, 0.2, label, fontsize=9, ha="center", va="center", wrap=True)


def _draw_bars(axes: Any, panel: Panel) -> None:
    for label, values in panel.curves.items():
        axes.barh([0], [values[-1]], height=0.4)
        axes.text(1, 0.3, f"{values[-1]:.3g} % {label}", fontsize=9)
    axes.set(yticks=[], ylim=(-0.5, 0.6))
    _annotate(axes.axvline, panel)
    axes.set_xlim(left=0)
    axes.tick_params(labelsize=8)


def _draw_curves(axes: Any, panel: Panel) -> None:
    curves, colors = panel.curves, PALETTE
    if not curves:
        axes.text(0.5, 0.5, "nothing measured", ha="center", transform=axes.transAxes)
        return
    places = [(place + 0.5) * panel.span_s for place in range(len(next(iter(curves.values()))))]
    if panel.widget["properties"].get("stacked"):
        known = [[0.0 if math.isnan(value) else value for value in curve] for curve in curves.values()]
        axes.stackplot(places, known, labels=list(curves), colors=colors)
    else:
        for place, (label, curve) in enumerate(curves.items()):
            axes.plot(places, curve, marker="o", markersize=4, label=label, color=colors[place % len(colors)])
    _annotate(axes.axhline, panel)
    axes.set_ylim(bottom=0, top=panel.widget["properties"].get("yAxis", {}).get("left", {}).get("max"))
    axes.grid(alpha=0.3)
    axes.set_xlabel("seconds of the run", fontsize=7, loc="right", labelpad=0)
    axes.tick_params(labelsize=8)
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(-0.12, -0.1), ncols=2 + len(curves) // 8, frameon=False)


def _annotate(draw_line: Any, panel: Panel) -> None:
    for mark in panel.widget["properties"].get("annotations", {}).get("horizontal", ()):
        draw_line(mark["value"], color="firebrick", linestyle="--", linewidth=1)


def _draw_table(axes: Any, table: LogTable) -> None:
    axes.axis("off")
    drawn = axes.table([list(row) for row in table.rows], colLabels=table.columns, loc="upper center", cellLoc="left")
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(7)
    drawn.auto_set_column_width(list(range(len(table.columns))))
