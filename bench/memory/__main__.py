"""Fails where the process grows by more than `MOST_GROWTH_MB` while it answers 10,000 requests more.

The growth is the median over all pairs of figures (Theil and Sen): what is kept of each request shows in most of them,
a buffer that was made once in few.
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations, cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil

from bench.memory.requests import ASKS, Ask
from local.folders import Folders
from local.foundation import supervised
from local.ports import pick
from local.report import Report
from local.stack import LOCAL_KEY, plan_stack

WARM_UP, MEASURED, STEP, AT_A_TIME = 1_000, 10_000, 500, 4
# Half a kilobyte a request: the smallest thing that could be kept of one, its audit record, is ten times as large.
MOST_GROWTH_MB = 5.0


def main() -> int:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PORT": str(pick(18_090))}
    with tempfile.TemporaryDirectory() as folder, supervised(Folders(Path(folder)), Report()) as supervisor:
        stack = plan_stack({**env, "POINTSMAN_SIM_SPEED": "inf"}, Folders(Path(folder)))
        supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
        for task in stack.tasks:
            supervisor.run(task)
        (endpoint,) = supervisor.start([stack.api])
        return _judge(_measure(f"{stack.url}/v1", psutil.Process(endpoint.pid)))


def _measure(url: str, process: psutil.Process) -> list[float]:
    """Megabytes resident after the warm-up, and after each step of what follows."""
    figures, asks = list[float](), cycle(ASKS)
    headers = {"authorization": f"Bearer {LOCAL_KEY}"}
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client, ThreadPoolExecutor(AT_A_TIME) as pool:
        for count in (WARM_UP, *[STEP] * (MEASURED // STEP)):
            list(pool.map(partial(_send, client), islice(asks, count)))
            memory: Any = process.memory_info()
            figures.append(memory.rss / 1e6)
            print(f"{WARM_UP + STEP * (len(figures) - 1):6} requests {figures[-1]:8.1f} MB", flush=True)
    return figures


def _send(client: httpx.Client, ask: Ask) -> None:
    with client.stream("POST", ask.path, json=ask.body, headers=ask.headers) as answer:
        if answer.status_code != ask.status:
            raise RuntimeError(f"{ask}: {answer.status_code} {answer.read()[:300]!r}")
        for _ in answer.iter_bytes():
            if ask.leaves:
                return


def _judge(figures: list[float]) -> int:
    pairs = combinations(enumerate(figures), 2)
    slope = median((later - earlier) / (j - i) for (i, earlier), (j, later) in pairs)
    growth_mb = slope * (len(figures) - 1)
    print(f"after {WARM_UP} requests {figures[0]:.1f} MB; over the next {MEASURED} a growth of {growth_mb:+.2f} MB")
    has_passed = growth_mb <= MOST_GROWTH_MB
    print(f"{'passed' if has_passed else 'FAILED'}: at most {MOST_GROWTH_MB} MB")
    return 0 if has_passed else 1


if __name__ == "__main__":
    sys.exit(main())
