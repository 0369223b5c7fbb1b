"""`make invoke EVENT=...`: one event through the real function under AWS's own runtime, on the local stack.

The event's file name begins with the function's: events/router_text.json goes to functions/router.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pointsman.adapters.providers.spec import load_catalog
from rich.console import Console
from rich.json import JSON

from local import ports
from local.folders import Folders
from local.interface_emulator import EmulatorError, find_emulator, lambda_runtime
from local.ministack import EmulatorMissingError
from local.report import Report
from local.sam_template import functions, load_template
from local.stack import ROOT, Stack, plan_stack
from local.supervisor import ServiceFailedError, Supervisor


class UnknownFunctionError(Exception):
    """The event's name begins with no function's."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("event", type=Path)
    path: Path = parser.parse_args().event
    report = Report()
    try:
        folder, event = find_function(path), json.loads(path.read_text())
        find_emulator()
        with foundation(os.environ, Folders(ROOT / ".pointsman" / "invoke"), report) as stack:
            return _invoke(folder, event, stack)
    except (EmulatorError, EmulatorMissingError, OSError, ServiceFailedError, UnknownFunctionError) as error:
        report.complain(str(error))
        return 1


def find_function(event: Path) -> Path:
    folder = ROOT / "functions" / event.stem.partition("_")[0]
    if not (folder / "app.py").is_file():
        raise UnknownFunctionError(f"{event.name}: there is no function {folder.name}")
    return folder


@contextmanager
def foundation(env: Mapping[str, str], folders: Folders, report: Report) -> Generator[Stack, None, None]:
    """What the function talks to, running: the DynamoDB emulator with its tables, and the simulated providers."""
    folders.end_leftovers()
    stack = plan_stack({**env, "PORT": str(ports.pick(8080))}, folders)
    supervisor = Supervisor(folders, report, threading.Event())
    try:
        with report.step("DynamoDB emulator, simulated providers, tables and registry"):
            supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
            for task in stack.tasks:
                supervisor.run(task)
        yield stack
    finally:
        supervisor.stop()


def function_environment(folder: Path, stack: Stack) -> dict[str, str]:
    """The template's plain values, and in place of its references what the local stack has."""
    declared = functions(load_template(ROOT / "template.yaml")).values()
    variables = next(f["Environment"]["Variables"] for f in declared if f["CodeUri"] == f"functions/{folder.name}")
    plain = {name: str(value) for name, value in variables.items() if not isinstance(value, dict)}
    secrets = {spec.secret for spec in load_catalog().values()}
    local = {
        name: value
        for name, value in stack.api.env.items()
        if name in secrets or name.startswith(("AWS_", "POINTSMAN_"))
    }
    return plain | local


def _invoke(folder: Path, event: Mapping[str, Any], stack: Stack) -> int:
    with tempfile.TemporaryFile("w+") as log:
        with lambda_runtime(folder, function_environment(folder, stack), log=log) as runtime:
            began = time.monotonic()
            reply = runtime.invoke(event)
            elapsed_ms = round((time.monotonic() - began) * 1000)
        log.seek(0)
        _show(Console(soft_wrap=True), reply, log=log.read(), elapsed_ms=elapsed_ms)
    return 0 if "statusCode" in reply else 1


def _show(console: Console, reply: Mapping[str, Any], *, log: str, elapsed_ms: int) -> None:
    console.rule("What the function logged")
    console.print(log.strip(), style="dim", markup=False, highlight=False)
    console.rule(f"Reply after {elapsed_ms} ms, start included")
    body: str = reply.get("body", "")
    envelope = {name: value for name, value in reply.items() if name != "body"}
    console.print(JSON.from_data(envelope))
    console.print(JSON(body) if body.startswith(("{", "[")) else body, markup=False)


if __name__ == "__main__":
    sys.exit(main())
