"""`make run` as its user meets it: started, asked, hurt, stopped, started again."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import ministack, ports
from local.folders import Folders
from local.stack import ROOT

MODEL = Path(os.environ.get("POINTSMAN_META_MODEL_DIR", ROOT / "layers" / "meta_model")) / "items.json"
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
    pytest.mark.skipif(not MODEL.exists(), reason="the meta-model is not built: make model"),
]
HELLO: dict[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": "Hello there"}]}


class Run:
    """One `python -m local.run` with its own state and port; `output` is what it has printed so far."""

    def __init__(self, root: Path) -> None:
        self.folders, self.port = Folders(root), ports.pick_any()
        self.client = httpx.Client(
            base_url=self.url,
            headers={"Authorization": "Bearer dev"},
            timeout=30,
            trust_env=False,
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        keyless = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
        env = {**keyless, "PORT": str(self.port), "POINTSMAN_LOCAL_DIR": str(self.folders.root)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.run"],
            cwd=ROOT,
            env={**env, "POINTSMAN_SIM_SPEED": "50"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        wait_for(lambda: "Ctrl-C stops everything" in self.output or self.process.poll() is not None, timeout_s=90)
        assert self.process.poll() is None, self.output

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        code = self.process.wait(timeout=20)
        self._reader.join()
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.stop()
        self._reader.join()
        self.folders.end_leftovers()
        self.client.close()

    def kill_api(self) -> None:
        pid = self.folders.claim("api").holder()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def is_up(self) -> bool:
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, **fields: Any) -> httpx.Response:
        return self.client.post("/v1/chat/completions", json={**HELLO, **fields})

    def audited(self, generation_id: str) -> str:
        """The id under which the audit log knows the generation, or what it says instead."""
        reply = self.client.get("/v1/generation", params={"id": generation_id})
        return reply.json()["data"]["id"] if reply.status_code == 200 else reply.text

    def fault_urls(self) -> list[str]:
        return re.findall(r"http\S+/_simulator/faults", self.output)

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output += line


def wait_for(what: Callable[[], bool], *, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Generator[Run]:
    started = Run(tmp_path_factory.mktemp("run"))
    try:
        started.start()
        yield started
    finally:
        started.close()


def read_stream(client: httpx.Client) -> Iterator[dict[str, Any] | None]:
    """The chunks of one streamed answer, and None for [DONE]."""
    with client.stream("POST", "/v1/chat/completions", json={**HELLO, "stream": True}) as reply:
        for line in reply.iter_lines():
            if line.startswith("data: "):
                yield None if line == "data: [DONE]" else json.loads(line.removeprefix("data: "))


def test_it_tells_where_it_answers_and_shows_a_first_decision(run: Run) -> None:
    assert f"http://127.0.0.1:{run.port}/v1" in run.output
    for word in ("curl ", "answered by", "why", "cost", "latency", "simulated"):
        assert word in run.output


def test_it_answers_whole_and_streamed_with_the_key_dev_only(run: Run) -> None:
    assert "simulated" in run.ask().json()["choices"][0]["message"]["content"]
    chunks = list(read_stream(run.client))
    assert chunks[-1] is None
    assert (
        run.client.post("/v1/chat/completions", json=HELLO, headers={"Authorization": "Bearer no"}).status_code == 401
    )


@pytest.mark.parametrize("family", ["openai/*", "anthropic/*", "google/*", "mistralai/*", "deepseek/*"])
def test_every_dialect_answers_with_text_tools_and_json(run: Run, family: str) -> None:
    wanted = {"plugins": [{"id": "auto-router", "allowed_models": [family]}]}
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    }
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": schema}}
    text = run.ask(**wanted).json()
    assert text["model"].startswith(family.removesuffix("*"))
    called = run.ask(**wanted, messages=[{"role": "user", "content": "The weather in Oslo?"}], tools=[tool]).json()
    assert called["choices"][0]["finish_reason"] == "tool_calls"
    arguments = json.loads(called["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"])
    assert list(arguments) == ["city"]


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "reset"}, {"kind": "truncate"}])
def test_another_candidate_answers_where_a_provider_fails(run: Run, fault: dict[str, Any]) -> None:
    failing = run.ask(routing={}).json()["provider"]
    for url in run.fault_urls():
        assert httpx.post(url, json={"match": failing, **fault}, trust_env=False).status_code == 201
    ledger = run.ask(routing={}).json()["routing"]
    for url in run.fault_urls():
        httpx.delete(url, trust_env=False)
    assert ledger["attempts"][0]["provider"] == failing
    assert ledger["attempts"][0]["error"] is not None
    assert ledger["attempts"][-1]["error"] is None
    assert len(ledger["attempts"]) > 1


def test_a_second_start_in_the_same_folder_is_refused(run: Run) -> None:
    env = {**os.environ, "PORT": str(ports.pick_any()), "POINTSMAN_LOCAL_DIR": str(run.folders.root)}
    second = subprocess.run([sys.executable, "-m", "local.run"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert second.returncode == 1
    assert f"process {run.process.pid}" in second.stdout


def test_a_taken_port_is_a_clear_error(run: Run, tmp_path: Path) -> None:
    env = {**os.environ, "PORT": str(run.port), "POINTSMAN_LOCAL_DIR": str(tmp_path)}
    second = subprocess.run([sys.executable, "-m", "local.run"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert second.returncode == 1
    assert f"Port {run.port} is taken" in second.stdout


def test_a_killed_api_comes_back_and_has_audited_every_answer_received_whole(run: Run) -> None:
    whole: list[str] = []
    broken: list[Exception] = []

    def stream_until_hurt() -> None:
        try:
            while True:
                chunks = list(read_stream(run.client))
                if chunks and chunks[-1] is None and chunks[0] is not None:
                    whole.append(chunks[0]["id"])
        except httpx.TransportError as error:
            broken.append(error)

    callers = [threading.Thread(target=stream_until_hurt) for _ in range(4)]
    for caller in callers:
        caller.start()
    wait_for(lambda: len(whole) >= 8)
    run.kill_api()
    for caller in callers:
        caller.join()
    assert len(broken) == len(callers)
    wait_for(run.is_up)
    assert [run.audited(identity) for identity in whole] == whole
    assert "api died (signal 9)" in run.output


def test_state_outlives_an_orderly_stop_and_a_killed_supervisor(run: Run) -> None:
    identity = run.ask().json()["id"]
    assert run.audited(identity) == identity
    assert run.stop(signal.SIGINT) == 0
    assert run.folders.find_leftovers() == ()
    assert not run.is_up()
    run.start()
    assert run.audited(identity) == identity
    run.process.kill()
    run.process.wait()
    assert run.folders.find_leftovers() != ()
    run.start()
    assert run.audited(identity) == identity
