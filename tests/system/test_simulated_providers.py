"""Simulated providers over loopback HTTP, above all the faults that only a real connection can show."""

import os
import sys
import time
from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest

from local import ports
from local.service import RunningService, Service
from local.stack import ROOT

pytestmark = pytest.mark.system
Start = Callable[[Service], RunningService]
ASK: dict[str, Any] = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hello there"}]}


@pytest.fixture
def provider(start: Start) -> Generator[httpx.Client]:
    port = ports.pick_any()
    start(simulator(port=port, speed="inf"))
    with connect(port) as client:
        yield client


def simulator(*, port: int, speed: str) -> Service:
    arguments = ("--port", str(port), "--registry", str(ROOT / "registry"))
    return Service(
        name="simulated_providers",
        command=(sys.executable, "-m", "local.simulated_providers", *arguments),
        env={**os.environ, "POINTSMAN_SIM_SPEED": speed},
        health_url=f"http://127.0.0.1:{port}/_simulator/health",
    )


def connect(port: int) -> httpx.Client:
    url = f"http://127.0.0.1:{port}"
    return httpx.Client(base_url=url, headers={"Authorization": "Bearer simulated"}, timeout=20, trust_env=False)


def ask(provider: httpx.Client, **fields: Any) -> httpx.Response:
    return provider.post("/openai/v1/chat/completions", json={**ASK, **fields})


def order(provider: httpx.Client, **fault: Any) -> None:
    assert provider.post("/_simulator/faults", json=fault).status_code == 201


def test_a_reset_reaches_the_client_as_one(provider: httpx.Client) -> None:
    order(provider, kind="reset")
    with pytest.raises(httpx.ReadError):
        ask(provider)
    assert ask(provider).status_code == 200


def test_a_truncated_answer_breaks_off_whole_or_streamed(provider: httpx.Client) -> None:
    order(provider, kind="truncate")
    with pytest.raises(httpx.RemoteProtocolError):
        ask(provider)
    order(provider, kind="truncate", after_chunks=3)
    seen: list[str] = []
    with (
        pytest.raises(httpx.RemoteProtocolError),
        provider.stream("POST", "/openai/v1/chat/completions", json={**ASK, "stream": True}) as reply,
    ):
        seen.extend(line for line in reply.iter_lines() if line)
    assert len(seen) == 3


def test_only_models_of_the_registry_are_known(provider: httpx.Client) -> None:
    assert ask(provider).status_code == 200
    assert ask(provider, model="gpt-0").status_code == 404


def test_a_stream_comes_at_the_models_pace(start: Start) -> None:
    port = ports.pick_any()
    start(simulator(port=port, speed="5"))
    began, arrivals = time.monotonic(), list[float]()
    body = {**ASK, "stream": True}
    with connect(port) as provider, provider.stream("POST", "/openai/v1/chat/completions", json=body) as reply:
        arrivals.extend(time.monotonic() - began for line in reply.iter_lines() if line)
    # The registry gives gpt-4.1 some 640 ms to the first token and 66 tokens a second.
    assert 0.1 < arrivals[0] < 0.6
    assert arrivals[-1] - arrivals[0] > 0.1
