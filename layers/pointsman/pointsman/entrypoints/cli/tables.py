"""`pointsman tables`: the DynamoDB tables themselves."""

import typer

from pointsman.entrypoints.cli.operating import operating

commands = typer.Typer(no_args_is_help=True, help="DynamoDB tables.")


@commands.command("create")
def create_tables() -> None:
    """Create the tables that are not there yet. In AWS, `sam deploy` does this."""
    with operating() as operator:
        for name, is_new in operator.create_tables().items():
            typer.echo(f"{name}: {'created' if is_new else 'there already'}")
