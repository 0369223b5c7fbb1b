"""How soon an edit is in force in every router: `python -m bench.propagation --routers 4 --edits 3`, about a minute.

Each router is a process of its own, as it is in AWS, on one embedded DynamoDB and with its default settings. They are
asked for decisions all the while; told is how long after an edit each first names the new version.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import connect
from pointsman.domain.registry import Change

from local import ports
from local.folders import Folders
from local.foundation import supervised
from local.report import Report
from local.service import Service
from local.stack import ROOT, Stack, plan_stack

FOLDER: Final = ROOT / ".pointsman" / "propagation"
PROMISED_S: Final = 30.0
ASK_EVERY_S: Final = 0.25
REGISTRY: Final = "pointsman-registry"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routers", type=int, default=4)
    parser.add_argument("--edits", type=int, default=3)
    wanted, folders = parser.parse_args(), Folders(FOLDER)
    with supervised(folders, Report()) as supervisor:
        stack = plan_stack({**os.environ, "PORT": str(ports.pick_any())}, folders)
        supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
        for task in stack.tasks:
            supervisor.run(task)
        routers = [_router(stack, number) for number in range(wanted.routers)]
        supervisor.start(routers)
        os.environ |= {name: value for name, value in stack.api.env.items() if name.startswith("AWS_")}
        delays = _measure(DynamoDBRegistryVersions(connect(), REGISTRY), routers, stack.key, edits=wanted.edits)
    slowest = max(delays)
    print(f"{len(delays)} times a router noticed an edit: median {_median(delays):.1f} s, slowest {slowest:.1f} s")
    return 0 if slowest <= PROMISED_S else 1


def _router(stack: Stack, number: int) -> Service:
    port = ports.pick_any()
    command = tuple(str(port) if word.isdecimal() and len(word) > 3 else word for word in stack.api.command)
    health = f"http://{ports.LOOPBACK}:{port}/healthz"
    return replace(stack.api, name=f"router-{number}", command=command, health_url=health)


def _measure(
    versions: DynamoDBRegistryVersions, routers: Sequence[Service], key: str, *, edits: int
) -> Sequence[float]:
    seen: dict[tuple[str, int], float] = {}
    stop = threading.Event()
    with ThreadPoolExecutor(len(routers)) as askers:
        watching = [askers.submit(_watch, router, key, seen, stop) for router in routers]
        try:
            delays = [delay for _ in range(edits) for delay in _edit(versions, [r.name for r in routers], seen)]
        finally:
            stop.set()
        for watch in watching:
            watch.result()
    return delays


def _edit(
    versions: DynamoDBRegistryVersions, routers: Sequence[str], seen: Mapping[tuple[str, int], float]
) -> Sequence[float]:
    registry = versions.read()
    assert registry is not None
    policy = replace(registry.policy, quality_slack_milli=registry.policy.quality_slack_milli + 1)
    number = versions.commit(replace(registry, policy=policy), Change("bench", datetime.now(UTC), "one more"))
    edited = time.monotonic()
    while not all((router, number) in seen for router in routers):
        if time.monotonic() - edited > 2 * PROMISED_S:
            raise TimeoutError(f"version {number} was not noticed by all routers")
        time.sleep(0.05)
    return [max(0.0, seen[router, number] - edited) for router in routers]


def _watch(router: Service, key: str, seen: dict[tuple[str, int], float], stop: threading.Event) -> None:
    url = str(router.health_url).replace("/healthz", "/v1/route")
    body: dict[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}
    with httpx.Client(headers={"authorization": f"Bearer {key}"}, timeout=30, trust_env=False) as client:
        while not stop.wait(ASK_EVERY_S):
            version = client.post(url, json=body).raise_for_status().json()["routing"]["registry_version"]
            seen.setdefault((router.name, version), time.monotonic())


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    sys.exit(main())
