"""How spend is shown: tables for people, JSON for programs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from pointsman.domain.cost import format_usd
from pointsman.domain.spend import Entry, Spent, sum_by_day, sum_by_key, sum_by_model, sum_by_task, sum_up
from pointsman.entrypoints.cli.registry_views import print_json, print_table

SHOWN_ROWS: Final = 20


def show_usage(entries: Sequence[Entry], first: date, last: date, *, as_json: bool) -> None:
    """`entries` are those of the days from `first` to `last`."""
    groups = {
        "day": sum_by_day(entries),
        "key": sum_by_key(entries),
        "model": sum_by_model(entries),
        "task": sum_by_task(entries),
    }
    if as_json:
        print_json(_document(groups, sum_up(entries), first, last))
        return
    typer.echo(f"{first} to {last}, in US dollars; saved against the registry's reference model.")
    for name, sums in groups.items():
        print_table(_table(name, sums, sum_up(entries)))


def _document(groups: Mapping[str, Mapping[str, Spent]], total: Spent, first: date, last: date) -> dict[str, Any]:
    told = {f"by_{name}": {of: _figures(spent) for of, spent in sums.items()} for name, sums in groups.items()}
    return {"since": first.isoformat(), "until": last.isoformat(), "total": _figures(total), **told}


def _figures(spent: Spent) -> dict[str, Any]:
    return {
        "requests": spent.requests,
        "usd": format_usd(spent.usd),
        "saved_usd": format_usd(spent.saved_usd),
        "saved_share": _share(spent),
    }


def _table(name: str, sums: Mapping[str, Spent], total: Spent) -> Table:
    table = Table(name, "requests", "spent", "saved", "saved %", box=SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    rows = list(sums.items())
    for of, spent in rows[-SHOWN_ROWS:] if name == "day" else rows[:SHOWN_ROWS]:
        table.add_row(*_row(escape(of), spent))
    if len(rows) > SHOWN_ROWS:
        table.add_row(f"({len(rows) - SHOWN_ROWS} more, with --json)", "", "", "", "", style="dim")
    table.add_row(*_row("all", total), style="bold")
    return table


def _row(name: str, spent: Spent) -> tuple[str, ...]:
    share = _share(spent)
    percent = "" if share is None else f"{100 * share:.1f}"
    return name, f"{spent.requests:,}", f"{spent.usd:.4f}", f"{spent.saved_usd:.4f}", percent


def _share(spent: Spent) -> float | None:
    """Of what the reference model would have cost; None where that is nothing."""
    return float(spent.saved_usd / spent.reference_usd) if spent.reference_usd > 0 else None
