"""`pointsman registry`: models, prices and policy."""

from pathlib import Path
from typing import Annotated

import typer

from pointsman.entrypoints.cli.operating import fail, operating

commands = typer.Typer(no_args_is_help=True, help="Models, prices and policy.")

Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder of registry YAML files.")]
ModelDir = Annotated[Path, typer.Option(envvar="POINTSMAN_META_MODEL_DIR", help="Folder of the meta-model to fit for.")]
MODEL_DIR = Path("layers/meta_model")


@commands.command("seed")
def seed_registry(
    folder: Folder, model_dir: ModelDir = MODEL_DIR, if_needed: Annotated[bool, typer.Option("--if-needed")] = False
) -> None:
    """Fit abilities from the evidence in FOLDER and write all cards and the policy as the next version.

    With --if-needed only where the registry is empty, or its abilities belong to another meta-model.
    """
    with operating(model_dir) as operator:
        version = operator.seed(folder, only_if_needed=if_needed)
        typer.echo("registry: has a version already, left alone" if version is None else f"registry: version {version}")


@commands.command("pack")
def pack_registry(
    folder: Folder, model_dir: ModelDir = MODEL_DIR, check: Annotated[bool, typer.Option()] = False
) -> None:
    """Write the seed that ships inside the package; with --check only say whether it is current."""
    with operating(model_dir) as operator:
        is_current = operator.pack(folder, write=not check)
    if check and not is_current:
        fail("the packed seed is not current: run `make seed-file`")
