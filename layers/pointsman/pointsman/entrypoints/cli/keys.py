"""`pointsman keys`: who may call the endpoint."""

from typing import Annotated

import typer

from pointsman.entrypoints.cli.operating import operating

commands = typer.Typer(no_args_is_help=True, help="API keys.")


@commands.command("create")
def create_api_key(
    name: str, allow: Annotated[list[str] | None, typer.Option(help="Models it may use, such as anthropic/*.")] = None
) -> None:
    """Make an API key. It is shown this once and kept nowhere."""
    with operating() as operator:
        typer.echo(operator.create_key(name, tuple(allow or ())))
