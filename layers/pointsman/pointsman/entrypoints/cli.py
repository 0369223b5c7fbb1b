"""The `pointsman` command: tables, registry, keys and audit of one deployment, named by the environment."""

import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from pointsman.bootstrap.operator import Operator, build_operator
from pointsman.domain.errors import PointsmanError
from pointsman.entrypoints.http.app import create_app
from pointsman.entrypoints.http.schema import describe_api
from pointsman.settings import Settings, SettingsError

main = typer.Typer(no_args_is_help=True, help="Operate a Pointsman deployment.", pretty_exceptions_enable=False)
tables = typer.Typer(no_args_is_help=True, help="DynamoDB tables.")
registry = typer.Typer(no_args_is_help=True, help="Models, prices and policy.")
keys = typer.Typer(no_args_is_help=True, help="API keys.")
audit = typer.Typer(no_args_is_help=True, help="The audit log.")
for name, group in {"tables": tables, "registry": registry, "keys": keys, "audit": audit}.items():
    main.add_typer(group, name=name)

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder of registry YAML files.")]
ModelDir = Annotated[Path, typer.Option(envvar="POINTSMAN_META_MODEL_DIR", help="Folder of the meta-model to fit for.")]
MODEL_DIR = Path("layers/meta_model")


@contextmanager
def _operator(model_dir: Path | None = None) -> Generator[Operator, None, None]:
    """What the commands work with; errors end the command in one line."""
    try:
        settings = Settings.from_env(os.environ)
        yield build_operator(settings if model_dir is None else replace(settings, meta_model_dir=model_dir))
    except (PointsmanError, SettingsError, BotoCoreError, ClientError) as error:
        typer.secho(f"error: {error}", fg="red", err=True)
        raise typer.Exit(1) from error


@tables.command("create")
def create_tables() -> None:
    """Create the tables that are not there yet. In AWS, `sam deploy` does this."""
    with _operator() as operator:
        for name, is_new in operator.create_tables().items():
            typer.echo(f"{name}: {'created' if is_new else 'there already'}")


@registry.command("seed")
def seed_registry(
    folder: Folder, model_dir: ModelDir = MODEL_DIR, if_needed: Annotated[bool, typer.Option("--if-needed")] = False
) -> None:
    """Fit abilities from the evidence in FOLDER and write all cards and the policy as the next version.

    With --if-needed only where the registry is empty, or its abilities belong to another meta-model.
    """
    with _operator(model_dir) as operator:
        version = operator.seed(folder, only_if_needed=if_needed)
        typer.echo("registry: has a version already, left alone" if version is None else f"registry: version {version}")


@registry.command("pack")
def pack_registry(
    folder: Folder, model_dir: ModelDir = MODEL_DIR, check: Annotated[bool, typer.Option()] = False
) -> None:
    """Write the seed that ships inside the package; with --check only say whether it is current."""
    with _operator(model_dir) as operator:
        is_current = operator.pack(folder, write=not check)
    if check and not is_current:
        typer.secho("error: the packed seed is not current: run `make seed-file`", fg="red", err=True)
        raise typer.Exit(1)


@keys.command("create")
def create_api_key(
    name: str, allow: Annotated[list[str] | None, typer.Option(help="Models it may use, such as anthropic/*.")] = None
) -> None:
    """Make an API key. It is shown this once and kept nowhere."""
    with _operator() as operator:
        typer.echo(operator.create_key(name, tuple(allow or ())))


@audit.command("replay")
def replay_audit(log: Annotated[Path, typer.Argument(exists=True, help="A log with AUDIT lines.")]) -> None:
    """Write the records that DynamoDB did not take from the log's AUDIT lines; those already there stay."""
    with _operator() as operator:
        written, known = operator.replay_audit(log)
        typer.echo(f"audit: {written} written, {known} there already")


@main.command("openapi")
def print_openapi() -> None:
    """Print the endpoint's OpenAPI document."""
    typer.echo(json.dumps(describe_api(create_app()), indent=2))
