"""Draws what was spent and saved as a PNG, with matplotlib, which only an operator's machine has."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pointsman.domain.errors import RequestError
from pointsman.domain.spend import Entry, Spent, sum_by_day, sum_by_model, sum_by_task, sum_up

OTHERS: Final = "others"
MODELS_IN_COLOUR: Final = 6
MOST_BARS: Final = 10
COLOURS: Final = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#bbbbbb")
REFERENCE: Final = "#dddddd"


def draw_usage(entries: Sequence[Entry], path: Path) -> None:
    """RequestError where matplotlib is not installed, or where there is nothing to draw."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise RequestError("drawing needs matplotlib, of the dependency group `local`", field="--png") from error
    if not entries:
        raise RequestError("nothing was spent in these days: there is nothing to draw", field="--png")
    figure: Any = Figure(figsize=(11, 8), layout="constrained")
    panels = figure.subplot_mosaic([["days", "days"], ["models", "tasks"]])
    figure.suptitle(_headline(sum_up(entries)), fontsize=14, fontweight="bold")
    _draw_days(panels["days"], entries)
    _draw_bars(panels["models"], "by model", sum_by_model(entries))
    _draw_bars(panels["tasks"], "by task", sum_by_task(entries))
    for name in ("days", "tasks"):
        panels[name].legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.savefig(path, dpi=130)


def _headline(total: Spent) -> str:
    share = f" ({total.saved_usd / total.reference_usd:.0%})" if total.reference_usd > 0 else ""
    saved = f"{total.saved_usd:,.2f} USD{share} saved against the reference model"
    return f"{total.usd:,.2f} USD spent on {total.requests:,} requests, {saved}"


def _draw_days(axes: Any, entries: Sequence[Entry]) -> None:
    by_day = sum_by_day(entries)
    days, bottom = list(by_day), [0.0] * len(by_day)
    dearest = list(sum_by_model(entries))[:MODELS_IN_COLOUR]
    for name, colour in zip((*dearest, OTHERS), COLOURS, strict=False):
        usd = [float(_of_model(entries, day, name, dearest)) for day in days]
        if any(usd):
            axes.bar(days, usd, bottom=bottom, color=colour, label=name, width=0.8)
        bottom = [below + height for below, height in zip(bottom, usd, strict=True)]
    reference = [float(spent.reference_usd) for spent in by_day.values()]
    axes.plot(days, reference, color="black", linewidth=1.5, marker="o", markersize=3, label="reference model alone")
    axes.set_ylabel("US dollars a day")
    axes.set_xticks(days, [date.fromisoformat(day).strftime("%d %b") for day in days], rotation=45, ha="right")
    axes.grid(axis="y", alpha=0.3)


def _of_model(entries: Sequence[Entry], day: str, name: str, dearest: Sequence[str]) -> Decimal:
    def is_meant(model: str) -> bool:
        return model == name if name != OTHERS else model not in dearest

    return sum_up(entry for entry in entries if entry.day.isoformat() == day and is_meant(entry.model)).usd


def _draw_bars(axes: Any, title: str, sums: Mapping[str, Spent]) -> None:
    """The dearest on top: what it cost, before what the reference model would have cost."""
    rows = list(sums.items())[:MOST_BARS][::-1]
    names = [name for name, _ in rows]
    axes.barh(names, [float(spent.reference_usd) for _, spent in rows], color=REFERENCE, label="reference model alone")
    axes.barh(names, [float(spent.usd) for _, spent in rows], height=0.45, color=COLOURS[0], label="spent")
    axes.set_title(title)
    axes.set_xlabel("US dollars")
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(axis="x", alpha=0.3)
