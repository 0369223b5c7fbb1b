"""`make dashboard`: asks a stack on this machine some dozens of questions and draws what it metered."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import httpx

from local import ports
from local.dashboard.body import NAMESPACE, dashboard_widgets
from local.dashboard.drawing import draw
from local.dashboard.metric_lines import read_lines
from local.folders import Folders
from local.foundation import StackBusyError, supervised
from local.ministack import EmulatorMissingError
from local.report import Report
from local.service import ServiceFailedError
from local.stack import ROOT, Stack, plan_stack

FOLDER = ROOT / ".pointsman" / "dashboard"
OBJECTIVES = ("cost", "quality", "latency", "balanced")
QUESTIONS = (
    "What is the capital of France?",
    "Write a Python function that merges overlapping intervals, with tests.",
    "Prove that the square root of 2 is irrational.",
    "Translate into German: the train leaves at noon from platform nine.",
    "Summarise in two sentences why the Roman republic fell.",
    "Write a short poem about a signal box in the rain.",
    "Classify as positive or negative: the food was cold and the waiter rude.",
    "A tank fills in 3 hours and drains in 5. When is it full if both are open?",
    "Extract name and date as JSON: Ada Lovelace was born on 10 December 1815.",
    "zxq qqv 0x00 ~~~ ((( lorem 88 blorp",
)
# Enough for some calls to fall back and for a breaker to open.
FAULTS: dict[str, Any] = {"match": "*", "kind": "status", "status": 503, "times": 6}


def main() -> int:
    report, folders = Report(), Folders(FOLDER)
    folders.log("api").unlink(missing_ok=True)
    try:
        _run(report, folders)
    except (EmulatorMissingError, ServiceFailedError, StackBusyError) as error:
        report.complain(str(error))
        return 1
    return 0


def _run(report: Report, folders: Folders) -> None:
    port = str(ports.pick(8080))
    with supervised(folders, report) as supervisor:
        stack = plan_stack({**os.environ, "PORT": port, "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE}, folders)
        with report.step("The stack, its providers simulated"):
            supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
            for task in stack.tasks:
                supervisor.run(task)
            supervisor.start([stack.api])
        with report.step(f"{len(QUESTIONS) * len(OBJECTIVES) * 2} requests"):
            _ask(stack)
    lines = read_lines(folders.log("api").read_text())
    picture = FOLDER / "dashboard.png"
    with report.step(f"{len(lines)} metric lines drawn"):
        draw(dashboard_widgets(ROOT / "template.yaml"), lines, picture)
    report.say(str(picture))


def _ask(stack: Stack) -> None:
    asked = list(product((False, True), QUESTIONS, OBJECTIVES))
    with httpx.Client(base_url=stack.url, timeout=120, trust_env=False) as client:
        client.headers["authorization"] = f"Bearer {stack.key}"

        def ask(question: tuple[bool, str, str]) -> int:
            streamed, text, objective = question
            messages = [{"role": "user", "content": text}]
            body = {"model": "auto", "messages": messages, "stream": streamed, "routing": {"objective": objective}}
            return client.post("/v1/chat/completions", json=body).status_code

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, asked[: len(asked) // 2]))
            client.post(f"http://{ports.LOOPBACK}:{stack.simulator_port}/_simulator/faults", json=FAULTS)
            list(pool.map(ask, asked[len(asked) // 2 :]))


if __name__ == "__main__":
    sys.exit(main())
