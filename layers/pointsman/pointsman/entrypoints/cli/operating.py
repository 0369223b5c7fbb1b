"""Opens an operator's tools for one command; an error ends it in one line on standard error."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError

from pointsman.bootstrap.operator import Operator, build_operator
from pointsman.domain.errors import PointsmanError
from pointsman.settings import Settings, SettingsError


@contextmanager
def operating(model_dir: Path | None = None) -> Generator[Operator, None, None]:
    """The operator of the deployment that the environment names. `model_dir` stands before the environment's."""
    with ending_in_one_line():
        settings = Settings.from_env(os.environ)
        settings = settings if model_dir is None else replace(settings, meta_model_dir=model_dir)
        yield build_operator(settings)


@contextmanager
def ending_in_one_line() -> Generator[None, None, None]:
    """What may go wrong on purpose ends the command, and one line says what it was."""
    try:
        yield
    except (PointsmanError, SettingsError, BotoCoreError, ClientError) as error:
        fail(str(error))


def fail(reason: str) -> NoReturn:
    typer.secho(f"error: {reason}", fg="red", err=True)
    raise typer.Exit(1)
