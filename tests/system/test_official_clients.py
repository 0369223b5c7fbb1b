"""Clients that people use, each in an environment of its own, against the whole of Pointsman over loopback."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from local import ministack
from local.stack import ROOT
from tests.system.test_run import Run

SCRIPTS = Path(__file__).with_name("clients")
LANGCHAIN_SUITE = "langchain_suite.py"
CELLS = ("chat", "stream", "tools", "structured", "vision", "error")
# What each client came to, by its script and what it was told: each cell is held to its rule by that client's own test.
MATRIX: dict[str, dict[str, Any]] = {}

pytestmark = [
    pytest.mark.system,
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
    told = ask(run, "client-openai", "openai_sdk.py", f"{run.url}/v1", allowed)
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
    assert set(told["structured"]) == {"city"}
    assert "image" in told["vision"]["text"]
    assert told["error"] == {
        "type": "BadRequestError",
        "status": 400,
        "param": "messages[0].content[0].image_url.url",
    }
    assert len(told["models"]) > 45


@pytest.mark.parametrize("allowed", ["openai/*", "anthropic/*", "google/*"])
def test_the_openai_sdk_gets_all_it_asks_for_of_responses(run: Run, allowed: str) -> None:
    told = ask(run, "client-openai", "openai_responses.py", f"{run.url}/v1", allowed)
    hold_to_common_ground(told, field="previous_response_id")
    assert told["chat"]["model"].startswith(allowed.removesuffix("*"))
    assert (told["chat"]["finish"], told["stream"]["finish"]) == ("completed", "completed")
    assert told["stream"]["same_text"]
    assert told["stream"]["numbered"]


@pytest.mark.parametrize("allowed", ["openai/*", "anthropic/*", "google/*"])
@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21"])
def test_anthropics_sdk_gets_all_it_asks_for(run: Run, allowed: str, version: str) -> None:
    told = ask(run, "client-anthropic", "anthropic_sdk.py", run.url, allowed, version)
    hold_to_common_ground(told, field="messages[0].content[0].source.data")
    assert told["chat"]["model"].startswith(allowed.removesuffix("*"))
    assert (told["chat"]["finish"], told["stream"]["finish"]) == ("end_turn", "end_turn")
    assert (told["tools"]["finish"], told["error"]["type"]) == ("tool_use", "BadRequestError")
    assert told["tools"]["thought"] in {"thinking", "tool_use"}
    assert told["models"]["count"] > 45
    assert told["models"]["same"]
    assert told["count"] > 2


MORE: list[tuple[str, tuple[str, ...], str]] = [
    ("client-langchain", ("langchain_client.py", "openai/*"), "max_completion_tokens"),
    ("client-pydantic-ai", ("pydantic_ai_client.py", "openai/*", "openai"), "max_completion_tokens"),
    ("client-pydantic-ai", ("pydantic_ai_client.py", "anthropic/*", "openrouter"), "max_tokens"),
    ("client-litellm", ("litellm_client.py", "anthropic/*"), "max_tokens"),
    ("node", ("node/openai.mjs", "openai/*"), "max_tokens"),
    ("node", ("node/vercel.mjs", "anthropic/*", "openrouter"), "temperature"),
    ("node", ("node/vercel.mjs", "openai/*", "openai"), "temperature"),
]


@pytest.mark.parametrize(("environment", "script", "field"), MORE, ids=lambda value: " ".join(value))
def test_each_client_gets_all_it_asks_for(run: Run, environment: str, script: tuple[str, ...], field: str) -> None:
    told = ask(run, environment, script[0], f"{run.url}/v1", *script[1:])
    hold_to_common_ground(told, field=field)


def test_instructor_gets_its_objects_in_each_of_its_ways(run: Run) -> None:
    told = ask(run, "client-instructor", "instructor_client.py", f"{run.url}/v1", "openai/*")
    assert told["chat"]["text"]
    for way in ("tools", "structured", "stream", "vision"):
        assert set(told[way]) == {"city"}
    assert "max_tokens" in told["error"]["message"]


def test_langchains_own_suite_for_chat_models_passes(run: Run) -> None:
    """Its tests that read what a model said are expected to fail on simulated ones, each by its name."""
    one_loop = [f"--override-ini=asyncio_default_{what}_loop_scope=session" for what in ("test", "fixture")]
    # Its own settings, not those of our tests.
    bare = [
        "-c",
        os.devnull,
        "--rootdir",
        str(SCRIPTS),
        "--confcutdir",
        str(SCRIPTS),
        "-p",
        "no:cacheprovider",
        "--asyncio-mode=auto",
    ]
    done = subprocess.run(
        [str(interpreter("client-langchain")), "-m", "pytest", "-q", *bare, *one_loop, LANGCHAIN_SUITE],
        cwd=SCRIPTS,
        env={**os.environ, "POINTSMAN_URL": f"{run.url}/v1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.strip().splitlines()[-1]
    print(f"langchain-tests: {last}")
    (passed,) = re.findall(r"(\d+) passed", last)
    assert int(passed) >= 34


def test_no_client_leaves_a_cell_empty() -> None:
    """Runs after all the others, and prints what they did."""
    if not MATRIX:
        pytest.skip("no client has run")
    print(f"| client | {' | '.join(CELLS)} |")
    for client, told in MATRIX.items():
        print(f"| {client} | {' | '.join('ok' if told.get(cell) else 'MISSING' for cell in CELLS)} |")
    assert [client for client, told in MATRIX.items() if not all(told.get(cell) for cell in CELLS)] == []


def hold_to_common_ground(told: Any, *, field: str) -> None:
    """What every client must have got out of its library, whatever the wire."""
    assert told["stream"]["text"] == told["chat"]["text"]
    assert told["stream"]["pieces"] > 3
    assert told["stream"]["usage"]
    assert told["tools"]["name"] == "get_weather"
    assert set(told["tools"]["arguments"]) == {"city"}
    assert "18 degrees" in told["tools"]["answer"]
    if "tools_streamed" in told:
        assert (told["tools_streamed"]["name"], set(told["tools_streamed"]["arguments"])) == ("get_weather", {"city"})
    assert set(told["structured"]) == {"city"}
    assert "image" in told["vision"]
    assert told["error"]["status"] == 400
    assert field in told["error"]["message"]


def ask(run: Run, environment: str, script: str, *arguments: str) -> Any:
    command = [str(interpreter(environment)), str(SCRIPTS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    MATRIX[" ".join([script, *arguments[1:]])] = told
    return told


def interpreter(environment: str) -> Path:
    """Skips the test where the environment is not installed."""
    python, modules = ROOT / ".venvs" / environment / "bin" / "python", SCRIPTS / "node" / "node_modules"
    found = shutil.which("node") if environment == "node" and modules.exists() else python.exists() and python
    if not found:
        pytest.skip(f"the clients of {environment} are not installed: make clients-test")
    return Path(found)
