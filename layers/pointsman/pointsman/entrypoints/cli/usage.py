"""`pointsman usage`: what was spent, on what, and what that saved against the best single model."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from pointsman.adapters.usage_picture import draw_usage
from pointsman.application.ports import SpendBook
from pointsman.bootstrap.spend import build_spend_book
from pointsman.domain.errors import RequestError
from pointsman.entrypoints.cli.operating import operating
from pointsman.entrypoints.cli.usage_views import show_usage

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day in UTC; the last 30 days if not given.")
]


def show_spend(
    context: typer.Context,
    since: Day = None,
    until: Day = None,
    key: Annotated[str | None, typer.Option(help="Of one key alone, by its id.")] = None,
    png: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw it into this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Spend and saving by day, key, model and task. What was spent is counted some seconds late."""
    last = (until or datetime.now(UTC)).date()
    first = since.date() if since else last - timedelta(days=29)
    with operating() as operator:
        if first > last:
            raise RequestError(f"--since: {first} is after {last}", field="--since")
        book: SpendBook = context.obj or build_spend_book(operator.settings, operator.connect())
        entries = book.entries(first, last, key_id=key)
        show_usage(entries, first, last, as_json=as_json)
        if png is not None:
            draw_usage(entries, png)
