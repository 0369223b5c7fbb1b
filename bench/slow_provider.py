"""What routing does while the fastest provider is slow: `python -m bench.slow_provider`, six minutes or more.

The whole product runs here with simulated providers at a real model's pace. Requests for low latency come steadily. The
endpoint that most of them go to turns slow, and after a while is as it was; told is when traffic leaves and returns.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import httpx

from local import ports
from local.folders import Folders
from local.foundation import supervised
from local.report import Report
from local.stack import ROOT, Stack, plan_stack

FOLDER: Final = ROOT / ".pointsman" / "slow_provider"
# First tokens of real providers vary so that one in 20 takes about 2.5 times the median.
SPREAD: Final = "0.55"
BUCKET_S: Final = 10.0
# Traffic has left below the one share, and is back above the other. Probes are 2 %.
LEFT, BACK = 0.1, 0.8


@dataclass(frozen=True, slots=True)
class Served:
    """One answer: when it was asked for, who gave it, and how long its first token took."""

    at: float
    by: str
    first_token_s: float


class Traffic:
    """Asks steadily, each request in a thread of its own, until it is stopped."""

    def __init__(self, stack: Stack, per_second: float) -> None:
        self.answers: list[Served] = []
        self._url, self._key, self._pause_s = f"{stack.url}/v1/chat/completions", stack.key, 1 / per_second
        self._stop, self._client = threading.Event(), httpx.Client(timeout=60, trust_env=False)
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Traffic":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(64) as askers:
            number = 0
            while not self._stop.wait(self._pause_s):
                number += 1
                askers.submit(self._ask, number)

    def _ask(self, number: int) -> None:
        body: dict[str, Any] = {
            "model": "auto",
            "messages": [{"role": "user", "content": f"In one sentence: what is {number} times 7?"}],
            "routing": {"objective": "latency"},
            "max_completion_tokens": 40,
            "stream": True,
        }
        began = time.monotonic()
        headers = {"authorization": f"Bearer {self._key}"}
        with self._client.stream("POST", self._url, json=body, headers=headers) as answer:
            answer.raise_for_status()
            lines = (line for line in answer.iter_lines() if line.startswith("data: {"))
            first = next(lines)
            by, first_token_s = json.loads(first.removeprefix("data: "))["model"], time.monotonic() - began
            for _ in lines:
                pass
        self.answers.append(Served(began, by, first_token_s))

    def share(self, model: str, *, since: float, until: float) -> float:
        within = [answer.by for answer in self.answers if since <= answer.at < until]
        return within.count(model) / len(within) if within else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-second", type=float, default=4)
    parser.add_argument("--slow-ms", type=float, default=6_000)
    parser.add_argument("--slow-s", type=float, default=120)
    parser.add_argument("--most-s", type=float, default=420, help="how long to wait at most for traffic to return")
    wanted, folders = parser.parse_args(), Folders(FOLDER)
    env = {**os.environ, "PORT": str(ports.pick(8090)), "POINTSMAN_SIM_SPEED": "1", "POINTSMAN_SIM_SPREAD": SPREAD}
    with supervised(folders, Report()) as supervisor:
        stack = plan_stack(env, folders)
        supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
        for task in stack.tasks:
            supervisor.run(task)
        supervisor.start([stack.functions, stack.api])
        with Traffic(stack, wanted.per_second) as traffic:
            return _watch(stack, traffic, slow_ms=wanted.slow_ms, slow_s=wanted.slow_s, most_s=wanted.most_s)


def _watch(stack: Stack, traffic: Traffic, *, slow_ms: float, slow_s: float, most_s: float) -> int:
    faults = f"http://{ports.LOOPBACK}:{stack.simulator_port}/_simulator/faults"
    began = time.monotonic()
    time.sleep(60)
    ((favourite, _),) = Counter(answer.by for answer in traffic.answers[-60:]).most_common(1)
    slow_at = time.monotonic()
    fault = {"match": _upstream(favourite), "kind": "slow", "delay_ms": slow_ms, "times": 1_000_000}
    httpx.post(faults, json=fault, trust_env=False).raise_for_status()
    left_s = _wait_until(lambda share: share < LEFT, traffic, favourite, slow_at, most_s=slow_s)
    time.sleep(max(0.0, slow_at + slow_s - time.monotonic()))
    well_at = time.monotonic()
    httpx.delete(faults, trust_env=False).raise_for_status()
    back_s = _wait_until(lambda share: share > BACK, traffic, favourite, well_at, most_s=most_s)
    _tell(traffic.answers, favourite, began=began, slow_at=slow_at, well_at=well_at)
    print(f"slow by {slow_ms:g} ms: below {LEFT:.0%} of the traffic after {_seconds(left_s)}")
    print(f"well again: above {BACK:.0%} after {_seconds(back_s)}")
    return 0 if left_s is not None and left_s <= 60 and back_s is not None else 1


def _upstream(model: str) -> str:
    return model.split("/", 1)[1]


def _wait_until(
    holds: Callable[[float], bool], traffic: Traffic, model: str, since: float, *, most_s: float
) -> float | None:
    """Seconds until the share of a whole bucket is as wanted."""
    while (elapsed := time.monotonic() - since) < most_s:
        time.sleep(1)
        now = time.monotonic()
        if now - since > BUCKET_S and holds(traffic.share(model, since=now - BUCKET_S, until=now)):
            return elapsed
    return None


def _tell(answers: Sequence[Served], favourite: str, *, began: float, slow_at: float, well_at: float) -> None:
    print(f"favourite: {favourite}; slow from {slow_at - began:.0f} s to {well_at - began:.0f} s")
    buckets: dict[int, list[Served]] = {}
    for answer in answers:
        buckets.setdefault(int((answer.at - began) // BUCKET_S), []).append(answer)
    for number, inside in sorted(buckets.items()):
        share = sum(answer.by == favourite for answer in inside) / len(inside)
        firsts = sorted(answer.first_token_s for answer in inside)
        median, slow = firsts[len(firsts) // 2], firsts[int(len(firsts) * 0.95)]
        print(
            f"{number * BUCKET_S:5.0f} s  {share:4.0%} of {len(inside):3}  first token {median:.2f} s, p95 {slow:.2f} s"
        )


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
