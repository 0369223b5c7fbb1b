"""`make bench`: CPU time that the whole path adds to a request, beside a bare pass-through in the same run.

Both are real processes under uvicorn, asked in turn over loopback, in front of the same simulated provider. CPU time
is that of the server's process, so that neither the client's nor the provider's work counts.
"""

import os
import statistics
import sys
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from local.folders import Folders
from local.ports import LOOPBACK, pick
from local.report import Report
from local.service import Service
from local.stack import LOCAL_KEY, plan_stack
from local.supervisor import Supervisor

MODEL, UPSTREAM_MODEL = "openai/gpt-6-luna", "gpt-6-luna"
ROUNDS, ROUND_SIZE, WARM_UP = 12, 20, 20
PROMPT = "Explain in three sentences why the sky is blue, for a child of ten. " * 6


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two that are compared."""

    name: str
    url: str
    model: str
    process: psutil.Process

    def cpu_s(self) -> float:
        times: Any = self.process.cpu_times()
        return float(times.user + times.system)


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of request; `model` overrides the server's own where the router shall choose."""

    name: str
    stream: bool
    auto: bool


CASES = (
    Case("one model, unstreamed", stream=False, auto=False),
    Case("one model, streamed", stream=True, auto=False),
    Case("auto, unstreamed", stream=False, auto=True),
    Case("auto, streamed", stream=True, auto=True),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as (router, bare):
        print(f"{'CPU-ms a request':26} {'pass-through':>13} {'Pointsman':>11} {'added':>8} {'ratio':>7}")
        for case in CASES:
            _print_row(case, _measure(case, router=router, bare=bare))
    return 0


def _measure(case: Case, *, router: Server, bare: Server) -> dict[str, list[float]]:
    """CPU-ms a request of each server, one figure per round; the two take turns."""
    figures: dict[str, list[float]] = {router.name: [], bare.name: []}
    with httpx.Client(timeout=60) as client:
        for server in (router, bare):
            _ask_many(client, server, case, WARM_UP)
        for _ in range(ROUNDS):
            for server in (router, bare):
                began = server.cpu_s()
                _ask_many(client, server, case, ROUND_SIZE)
                figures[server.name].append((server.cpu_s() - began) * 1000 / ROUND_SIZE)
    return figures


def _ask_many(client: httpx.Client, server: Server, case: Case, times: int) -> None:
    model = "auto" if case.auto and server.name == "pointsman" else server.model
    messages = [{"role": "user", "content": PROMPT}]
    body = {"model": model, "stream": case.stream, "max_completion_tokens": 60, "messages": messages}
    for _ in range(times):
        answer = client.post(server.url, json=body, headers={"authorization": f"Bearer {LOCAL_KEY}"})
        answer.raise_for_status()


def _print_row(case: Case, figures: Mapping[str, list[float]]) -> None:
    ours, bare = (statistics.median(figures[name]) for name in ("pointsman", "pass-through"))
    print(f"{case.name:26} {bare:13.2f} {ours:11.2f} {ours - bare:8.2f} {ours / bare:7.1f}")


@contextmanager
def _servers(folder: Path) -> Generator[tuple[Server, Server], None, None]:
    env = {**os.environ, "PORT": str(pick(18_090)), "POINTSMAN_SIM_SPEED": "1000"}
    folders = Folders(folder)
    stack = plan_stack(env, folders)
    supervisor = Supervisor(folders, Report(), threading.Event())
    bare = _bare_service(pick(18_091), upstream=stack.providers.urls["openai"])
    try:
        supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
        for task in stack.tasks:
            supervisor.run(task)
        ours, theirs = supervisor.start([stack.api, bare])
        path = "/v1/chat/completions"
        yield (
            Server("pointsman", stack.url + path, MODEL, psutil.Process(ours.pid)),
            Server(
                "pass-through",
                f"http://{LOOPBACK}:{bare.env['PORT']}{path}",
                UPSTREAM_MODEL,
                psutil.Process(theirs.pid),
            ),
        )
    finally:
        supervisor.stop()


def _bare_service(port: int, *, upstream: str) -> Service:
    command = (sys.executable, "-m", "uvicorn", "--factory", "bench.pass_through:create_app", "--port", str(port))
    env = {**os.environ, "BENCH_UPSTREAM": upstream, "PORT": str(port)}
    return Service(name="pass_through", command=command, env=env, health_url=f"http://{LOOPBACK}:{port}/healthz")


if __name__ == "__main__":
    sys.exit(main())
