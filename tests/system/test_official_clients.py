"""The official OpenAI SDK, in an environment of its own, against the whole of Pointsman over loopback."""

import json
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from local import ministack
from local.stack import ROOT
from tests.system.test_run import Run

SDK_PYTHON = ROOT / ".venvs" / "client-openai" / "bin" / "python"
SCRIPT = Path(__file__).with_name("clients") / "openai_sdk.py"

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not SDK_PYTHON.exists(), reason="the SDK's environment is not installed: make setup"),
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Generator[Run]:
    started = Run(tmp_path_factory.mktemp("clients"))
    try:
        started.start()
        yield started
    finally:
        started.close()


@pytest.mark.parametrize("allowed", ["openai/*", "anthropic/*", "google/*"])
def test_the_openai_sdk_gets_all_it_asks_for(run: Run, allowed: str) -> None:
    told = _ask(run, allowed)
    family = allowed.removesuffix("*")
    assert told["chat"]["model"].startswith(family)
    assert told["chat"]["finish_reason"] == "stop"
    assert told["chat"]["total_adds_up"]
    assert told["stream"]["text"] == told["chat"]["text"]
    assert told["stream"] | {"text": "", "models": []} == {
        "models": [],
        "ids": 1,
        "roles": 1,
        "finish_reasons": ["stop"],
        "usages": 1,
        "usage_is_last": True,
        "text": "",
    }
    assert told["tools"]["finish_reason"] == "tool_calls"
    assert told["tools"]["same_model_answered"]
    assert told["tools_streamed"]["names"] == ["get_weather"]
    assert set(told["tools_streamed"]["arguments"]) == set(told["tools"]["arguments"]) == {"city"}
    assert set(told["json_schema"]) == {"city"}
    assert "image" in told["image"]["text"]
    assert told["error"] == {
        "type": "BadRequestError",
        "status": 400,
        "param": "messages[0].content[0].image_url.url",
    }
    assert len(told["models"]) > 45


def _ask(run: Run, allowed: str) -> Any:
    command = [str(SDK_PYTHON), str(SCRIPT), f"http://127.0.0.1:{run.port}/v1", allowed]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
