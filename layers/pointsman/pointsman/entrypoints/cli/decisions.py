"""`pointsman decisions`: what was decided, derived again or decided otherwise. Calls nobody and needs no prompt."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pointsman.adapters.frontier_picture import draw_frontier
from pointsman.application.replay_decisions import ReplayDecisions
from pointsman.application.simulate_policy import SimulatePolicy
from pointsman.entrypoints.cli.operating import ending_in_one_line
from pointsman.entrypoints.cli.preview_views import show_frontier, show_replay
from pointsman.entrypoints.cli.registry_options import AsJson, open_desk
from pointsman.entrypoints.registry_documents import frontier_document

commands = typer.Typer(no_args_is_help=True, help="What was decided, and what would have been.")

Last = Annotated[int, typer.Option("--last", min=1, help="So many of the newest stored decisions.")]


@commands.command("replay")
def replay_decisions(context: typer.Context, most: Last = 1000, as_json: AsJson = False) -> None:
    """Derive stored decisions again from their records, each with its own version; ends badly where one differs."""
    with ending_in_one_line():
        desk = open_desk(context)
        replay = ReplayDecisions(desk.trail, desk.read_version).replay(most)
        show_replay(replay, as_json=as_json)
    if replay.different:
        raise typer.Exit(1)


@commands.command("simulate")
def simulate_policies(
    context: typer.Context,
    most: Last = 300,
    pool: Annotated[
        list[str] | None, typer.Option(help="Models to try alone, such as 'openai/*,google/*'. Repeatable.")
    ] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="At the prices of this day.")] = None,
    png: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw the frontier into this file.")] = None,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the points as JSON into this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Sweep willingness to pay, quality floors and pools over stored decisions: the frontier, with today on it."""
    with ending_in_one_line():
        desk = open_desk(context)
        pools = {patterns: tuple(patterns.split(",")) for patterns in pool or ()}
        day = (on or desk.editor.now()).date()
        points = SimulatePolicy(desk.trail).simulate(desk.editor.newest(), most=most, on=day, pools=pools)
        show_frontier(points, as_json=as_json)
        if png is not None:
            draw_frontier(points, png)
        if out is not None:
            out.write_text(json.dumps([frontier_document(point) for point in points], indent=1), encoding="utf-8")
