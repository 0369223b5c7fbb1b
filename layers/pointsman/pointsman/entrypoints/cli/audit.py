"""`pointsman audit`: the record of what was asked and decided."""

from pathlib import Path
from typing import Annotated

import typer

from pointsman.entrypoints.cli.operating import operating

commands = typer.Typer(no_args_is_help=True, help="The audit log.")


@commands.command("replay")
def replay_audit(log: Annotated[Path, typer.Argument(exists=True, help="A log with AUDIT lines.")]) -> None:
    """Write the records that DynamoDB did not take from the log's AUDIT lines; those already there stay."""
    with operating() as operator:
        written, known = operator.replay_audit(log)
        typer.echo(f"audit: {written} written, {known} there already")
