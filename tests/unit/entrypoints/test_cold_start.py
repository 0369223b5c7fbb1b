"""What a cold start would pay for without need is not imported by the function; `make bench-cold` tells the time."""

import gc
import subprocess
import sys

import pytest
from pointsman.entrypoints.starting import YOUNG, uncollected

LISTING = "import sys, pointsman.entrypoints.lambda_router; print(*sys.modules, sep='\\n')"


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """In a process of its own: this one has imported what tests need."""
    ended = subprocess.run([sys.executable, "-c", LISTING], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


def test_the_router_and_its_meta_model_are_imported(imported: set[str]) -> None:
    assert {"pointsman.bootstrap.router", "onnxruntime", "kitoken"} <= imported


@pytest.mark.parametrize(
    "name",
    [
        # It describes the routes; Starlette serves them.
        "fastapi",
        "pointsman.entrypoints.http.openapi",
        "pointsman.entrypoints.cli",
        "boto3",
        "jsonschema",
        "uvicorn",
        "typer",
        "yaml",
        "matplotlib",
    ],
)
def test_the_function_starts_without(name: str, imported: set[str]) -> None:
    assert name not in imported


def test_what_a_start_makes_is_not_looked_through_for_garbage_and_what_comes_later_is() -> None:
    before = gc.get_threshold()
    with uncollected():
        assert not gc.isenabled()
        kept = [list[int]() for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= len(kept)
    assert gc.get_threshold()[0] == YOUNG > before[0]
    gc.unfreeze()
    gc.set_threshold(*before)
