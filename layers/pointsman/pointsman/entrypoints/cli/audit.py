"""`pointsman audit`: the record of what was asked and decided."""

from pathlib import Path
from typing import Annotated

import typer

from pointsman.entrypoints.cli.operating import operating

commands = typer.Typer(no_args_is_help=True, help="The audit log.")


LogFile = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A log with AUDIT lines.")]


@commands.command("replay")
def replay_audit(
    log: LogFile = None, queue: Annotated[bool, typer.Option("--queue", help="From the fallback queue.")] = False
) -> None:
    """Write the records that DynamoDB did not take, from a log or from the queue; those already there stay."""
    if queue == (log is not None):
        raise typer.BadParameter("give either a log or --queue")
    with operating() as operator:
        written, known = operator.replay_audit(log)
        typer.echo(f"audit: {written} written, {known} there already")
