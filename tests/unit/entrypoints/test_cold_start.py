"""What a cold start would pay for without need is not imported by the function; `make bench-cold` tells the time."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pointsman.entrypoints.starting import YOUNG, single_threaded, uncollected

LISTING = "import sys, pointsman.entrypoints.lambda_router; print(*sys.modules, sep='\\n')"
FINDING = """
import sys
from pointsman.adapters.providers.aws_credentials import find_aws_credentials
print(find_aws_credentials() is not None, "botocore.session" in sys.modules)
"""
THREADS = Path("/proc/self/task")
COUNTING = f"""
from pathlib import Path
from pointsman.entrypoints.starting import single_threaded
single_threaded()
import numpy
print(len(list(Path("{THREADS}").iterdir())))
"""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """In a process of its own: this one has imported what tests need."""
    return set(run_alone(LISTING).split())


def run_alone(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


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
        "imagesize",
        "tinytag",
        "uvicorn",
        "typer",
        "yaml",
        "matplotlib",
    ],
)
def test_the_function_starts_without(name: str, imported: set[str]) -> None:
    assert name not in imported


def test_the_first_request_finds_the_environment_s_credentials_without_botocore(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_CREDENTIAL_EXPIRATION", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    assert run_alone(FINDING).split() == ["True", "False"]


@pytest.mark.skipif(not THREADS.is_dir(), reason="Linux alone tells of threads that Python did not start")
def test_numpy_starts_no_threads() -> None:
    assert run_alone(COUNTING).split() == ["1"]


def test_threads_that_the_environment_asks_for_are_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    single_threaded()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"


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
