"""Each function beside the router as Lambda runs it: AWS's runtime, the layers' packages, DynamoDB."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from local import ministack
from local.folders import Folders
from local.foundation import foundation
from local.interface_emulator import EmulatorError, find_emulator, lambda_runtime
from local.invoke import find_function, function_environment
from local.report import Report
from local.stack import ROOT, Stack

EVENTS = ROOT / "events"
# What each returns. Prices are fetched from a list elsewhere, which no test does.
RETURNED: dict[str, Any] = {"pulse_records": None, "spend_batch": {"state": {}}, "edits_row": None}
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    try:
        find_emulator()
    except EmulatorError as missing:
        pytest.skip(str(missing))
    env = {name: v for name, v in os.environ.items() if not name.startswith("AWS_")}
    with foundation(env, Folders(tmp_path_factory.mktemp("stack")), Report()) as up:
        yield up


def invoke(stack: Stack, name: str) -> Any:
    path = EVENTS / f"{name}.json"
    folder = find_function(path)
    with lambda_runtime(folder, function_environment(folder, stack)) as runtime:
        return runtime.invoke(json.loads(path.read_text()))


@pytest.mark.parametrize("name", RETURNED)
def test_what_follows_a_stream_takes_its_event(stack: Stack, name: str) -> None:
    assert invoke(stack, name) == RETURNED[name]


def test_the_control_plane_tells_the_registry(stack: Stack) -> None:
    reply = invoke(stack, "control_registry")
    assert reply["statusCode"] == 200
    assert json.loads(reply["body"])["version"] == 1


def test_there_is_an_event_of_every_function() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert {find_function(path).name for path in EVENTS.glob("*.json")} == folders
