"""How previews, replays and simulations are shown: tables for people, JSON for programs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from pointsman.application.preview_edit import Preview
from pointsman.application.replay_decisions import Replay
from pointsman.domain.frontier import Point
from pointsman.domain.preview import Estimate, Summary
from pointsman.entrypoints.cli.registry_views import print_json, print_table
from pointsman.entrypoints.registry_documents import (
    frontier_document,
    preview_document,
    ranked_moves,
    replay_document,
)

SHOWN_MOVES: Final = 12
SHOWN_GROUPS: Final = 20


def show_preview(preview: Preview, *, as_json: bool) -> None:
    if as_json:
        print_json(preview_document(preview))
        return
    overall = preview.overall
    if not overall.decisions:
        typer.echo("There are no stored decisions to try the change on.")
        return
    typer.echo(f"Of {overall.decisions} stored decisions {_share(overall)} would change.")
    if overall.unserved:
        typer.secho(f"{overall.unserved} would be left without any model.", fg="red")
    print_table(_moves_table(overall))
    print_table(_groups_table({"": {"all": overall}, "task": preview.by_task, "key": preview.by_key}))
    typer.echo("Dollars are per 1,000 requests; intervals hold in 90 of 100 cases. Nothing was called.")


def show_replay(replay: Replay, *, as_json: bool) -> None:
    if as_json:
        print_json(replay_document(replay))
        return
    typer.echo(f"{replay.equal} of {replay.total} decisions come out the same.")
    for number, count in sorted(replay.unknown.items()):
        typer.secho(f"{count} were made with version {number} of the registry, which is not at hand.", fg="yellow")
    for record_id, fields in list(replay.different.items())[:SHOWN_GROUPS]:
        typer.secho(f"{record_id}: {', '.join(fields)}", fg="red")


def show_frontier(points: Sequence[Point], *, as_json: bool) -> None:
    if as_json:
        print_json({"points": [frontier_document(point) for point in points]})
        return
    table = Table("policy", "USD per 1,000", "quality", "served", "", box=SIMPLE_HEAD)
    for point in sorted(points, key=lambda point: point.usd_each):
        style = "bold" if point.setting.swept == "today" else None
        mark = "[green]frontier[/green]" if point.on_frontier else ""
        money, quality = f"{1000 * point.usd_each:.4f}", f"{point.quality:.3f}"
        table.add_row(escape(point.setting.label), money, quality, str(point.served), mark, style=style)
    print_table(table)


def _moves_table(summary: Summary) -> Table:
    table = Table("from", "to", "decisions", box=SIMPLE_HEAD)
    for (was, now), count in ranked_moves(summary.moves)[:SHOWN_MOVES]:
        table.add_row(escape(was), escape(now), str(count))
    rest = sum(count for _, count in ranked_moves(summary.moves)[SHOWN_MOVES:])
    if rest:
        table.add_row("others", "", str(rest))
    return table


def _groups_table(groups: Mapping[str, Mapping[str, Summary]]) -> Table:
    table = Table("decisions", "count", "changed", "USD before", "USD gained", "quality gained", box=SIMPLE_HEAD)
    for kind, group in groups.items():
        for name, summary in list(group.items())[:SHOWN_GROUPS]:
            table.add_row(*_group_row(f"{kind} {name}".strip(), summary))
    return table


def _group_row(name: str, summary: Summary) -> tuple[str, ...]:
    served = Decimal(max(1, summary.decisions - summary.unserved))
    return (
        escape(name),
        str(summary.decisions),
        _share(summary),
        f"{1000 * summary.usd_before / served:.4f}",
        _interval(summary.usd_gain_each, 1000, 4),
        _interval(summary.quality_gain, 1, 4),
    )


def _interval(estimate: Estimate, scale: int, places: int) -> str:
    low, mean, high = (scale * value for value in (estimate.low, estimate.mean, estimate.high))
    return f"{mean:+.{places}f} ({low:+.{places}f} to {high:+.{places}f})"


def _share(summary: Summary) -> str:
    return f"{100 * summary.changed / max(1, summary.decisions):.1f} %"
