"""The runtime as Lambda starts it: through the wrapper, with a handler from the task's folder, from snapshot or not."""

import json
import os
import subprocess
import sys
from pathlib import Path

from local.interface_emulator import ROOT, STREAMING_WRAPPER
from tests.contract.lambda_runtime.fake_runtime_api import Event, FakeRuntimeApi

HANDLER = """
import os

class Handler:
    late_answer = None
    life = []

    async def app(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": " ".join(self.life).encode()})

    def read_request(self, event, context):
        print("seen", event)
        return ({"type": "http"}, b"")

    async def settle(self):
        self.life.append("settled")

    def prime(self):
        self.life.append("primed")

    def renew(self):
        if "FAIL_TO_RENEW" in os.environ:
            raise OSError("no network")
        self.life.append("renewed")

handler = Handler()
"""


def run(folder: Path, api: FakeRuntimeApi, *, source: str = HANDLER, **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "app.py").write_text(source)
    with api.serving():
        given = {
            "AWS_LAMBDA_RUNTIME_API": api.address,
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": "app.handler",
            "PYTHONPATH": str(ROOT / "layers" / "pointsman"),
            "PATH": os.environ["PATH"],
        }
        command = [str(STREAMING_WRAPPER), sys.executable, "/var/runtime/bootstrap.py"]
        return subprocess.run(command, env={**given, **env}, capture_output=True, text=True, check=False, timeout=60)


def test_the_wrapper_starts_the_runtime_with_the_handler_of_the_task(tmp_path: Path) -> None:
    api = FakeRuntimeApi([Event({"n": 1}, id="first"), Event({"n": 2}, id="second")])
    ended = run(tmp_path, api)
    assert ended.stdout == "seen {'n': 1}\nseen {'n': 2}\n"
    assert [call.chunks()[1:] for call in api.calls] == [[], [b"settled"]]
    assert api.restores == 0


def test_a_handler_that_cannot_be_loaded_is_an_init_error(tmp_path: Path) -> None:
    api = FakeRuntimeApi([Event({})])
    ended = run(tmp_path, api, source="raise LookupError('no such table')")
    (call,) = api.calls
    assert call.target == "/2018-06-01/runtime/init/error"
    assert call.headers["Lambda-Runtime-Function-Error-Type"] == "LookupError"
    told = json.loads(call.raw)
    assert (told["errorType"], told["errorMessage"]) == ("LookupError", "no such table")
    assert any("app.py" in frame for frame in told["stackTrace"])
    assert ended.returncode != 0


def test_with_snapstart_the_handler_is_primed_before_the_snapshot_and_renewed_after_it(tmp_path: Path) -> None:
    api = FakeRuntimeApi([Event({})])
    run(tmp_path, api, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")
    assert api.restores == 1
    assert api.call("/response").chunks()[1:] == [b"primed renewed"]


def test_a_restore_that_fails_is_told_and_nothing_is_served(tmp_path: Path) -> None:
    api = FakeRuntimeApi([Event({})])
    ended = run(tmp_path, api, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start", FAIL_TO_RENEW="1")
    (call,) = api.calls
    assert call.target == "/2018-06-01/runtime/restore/error"
    assert json.loads(call.raw)["errorMessage"] == "no network"
    assert ended.returncode != 0
