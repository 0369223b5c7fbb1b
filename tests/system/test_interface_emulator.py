"""The runtime around our functions is AWS's own: initialised once, with its deadline and its shape of errors."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.interface_emulator import STREAMING_WRAPPER, EmulatorError, LambdaRuntime, find_emulator, lambda_runtime

pytestmark = pytest.mark.system
SOURCE = """
import os, sys, time
started = []

def handler(event, context):
    started.append(event)
    if event.get("fail"):
        raise ValueError("no such thing")
    time.sleep(event.get("sleep", 0))
    return {
        "calls": len(started),
        "shown": os.environ.get("SHOWN"),
        "not_shown": os.environ.get("NOT_SHOWN"),
        "version": sys.version_info[:2],
        "remaining_ms": context.get_remaining_time_in_millis(),
    }
"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LambdaRuntime]:
    try:
        find_emulator()
    except EmulatorError as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("function")
    (folder / "app.py").write_text(SOURCE)
    with pytest.MonkeyPatch.context() as ours:
        ours.setenv("NOT_SHOWN", "ours")
        with lambda_runtime(folder, {"SHOWN": "yes"}, timeout_s=3) as running:
            yield running


def test_the_runtime_is_that_of_the_template_and_initialises_once(runtime: LambdaRuntime) -> None:
    first, second = runtime.invoke({}), runtime.invoke({})
    assert first["version"] == [3, 13]
    assert second["calls"] == first["calls"] + 1


def test_a_function_sees_its_own_environment_and_not_ours(runtime: LambdaRuntime) -> None:
    reply = runtime.invoke({})
    assert (reply["shown"], reply["not_shown"]) == ("yes", None)


def test_a_function_is_told_its_deadline(runtime: LambdaRuntime) -> None:
    assert 0 < runtime.invoke({})["remaining_ms"] <= 3000


def test_an_error_has_the_shape_that_lambda_gives_it(runtime: LambdaRuntime) -> None:
    failed = runtime.invoke({"fail": True})
    assert (failed["errorType"], failed["errorMessage"]) == ("ValueError", "no such thing")


STREAMING = """
class Handler:
    late_answer = None

    def read_request(self, event, context):
        return None if "whole" in event else ({"type": "http"}, b"")

    def __call__(self, event, context):
        return event

    async def app(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 201, "headers": [[b"x-one", b"1"]]})
        for word in (b"one ", b"two"):
            await send({"type": "http.response.body", "body": word, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def settle(self):
        pass

handler = Handler()
"""


def test_our_own_runtime_is_understood_by_lambda_s(runtime: LambdaRuntime, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(STREAMING)
    with lambda_runtime(tmp_path, {}, wrapper=STREAMING_WRAPPER) as streaming:
        assert streaming.invoke({"whole": 1}) == {"whole": 1}
        for _ in range(2):
            prelude, body = streaming.invoke_raw({}).split(b"\0" * 8)
            assert json.loads(prelude)["statusCode"] == 201
            assert body == b"one two"
