"""The whole command: its nouns, and what belongs to none of them."""

import json
from typing import Final

import typer

from pointsman.entrypoints.cli import (
    abilities,
    audit,
    decisions,
    keys,
    models,
    policy,
    prices,
    registry,
    registry_edits,
    tables,
    usage,
)
from pointsman.entrypoints.http.openapi.document import describe_api

NOUNS: Final = {
    "tables": tables.commands,
    "registry": registry.commands,
    "models": models.commands,
    "policy": policy.commands,
    "prices": prices.commands,
    "keys": keys.commands,
    "audit": audit.commands,
    "decisions": decisions.commands,
}

main = typer.Typer(no_args_is_help=True, help="Operate a Pointsman deployment.", pretty_exceptions_enable=False)
for name, commands in NOUNS.items():
    main.add_typer(commands, name=name)
main.command("usage")(usage.show_spend)
registry.commands.add_typer(registry_edits.commands)
registry.commands.command("calibrate")(abilities.calibrate)
registry.commands.add_typer(abilities.onboard, name="onboard")


@main.command("openapi")
def print_openapi() -> None:
    """Print the endpoint's OpenAPI document."""
    typer.echo(json.dumps(describe_api(), indent=2))
