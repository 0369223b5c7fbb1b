"""`make invoke EVENT=...`: one event through the real function under AWS's own runtime, on the local stack.

The event's file name begins with the function's: events/router_text.json goes to functions/router.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pointsman.adapters.providers.spec import load_catalog
from rich.console import Console
from rich.json import JSON

from local.folders import Folders
from local.foundation import StackBusyError, foundation
from local.interface_emulator import EmulatorError, find_emulator, lambda_runtime
from local.ministack import EmulatorMissingError
from local.report import Report
from local.sam_template import functions, load_template
from local.service import ServiceFailedError
from local.stack import ROOT, Stack


class EventError(Exception):
    """The event cannot be read, or its name begins with no function's."""


REFUSALS = (EventError, EmulatorError, EmulatorMissingError, ServiceFailedError, StackBusyError)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("event", type=Path)
    path: Path = parser.parse_args().event
    report = Report()
    try:
        folder, event = find_function(path), _read(path)
        find_emulator()
        with foundation(os.environ, Folders(ROOT / ".pointsman" / "invoke"), report) as stack:
            return _invoke(folder, event, stack)
    except REFUSALS as error:
        report.complain(str(error))
        return 1


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise EventError(f"the event cannot be read: {error}") from error


def find_function(event: Path) -> Path:
    folder = ROOT / "functions" / event.stem.partition("_")[0]
    if not (folder / "app.py").is_file():
        raise EventError(f"{event.name}: there is no function {folder.name}")
    return folder


def function_environment(folder: Path, stack: Stack) -> dict[str, str]:
    """The template's plain values, and in place of its references what the local stack has."""
    declared = functions(load_template(ROOT / "template.yaml")).values()
    variables = next(f["Environment"]["Variables"] for f in declared if f["CodeUri"] == f"functions/{folder.name}")
    plain = {name: str(value) for name, value in variables.items() if not isinstance(value, dict)}
    secrets = {spec.secret for spec in load_catalog().values()}
    local = stack.api.env.items()
    return plain | {name: value for name, value in local if name in secrets or _concerns_the_function(name)}


def _concerns_the_function(name: str) -> bool:
    return name.startswith(("AWS_", "POINTSMAN_")) or name.lower().endswith("_proxy")


def _invoke(folder: Path, event: Mapping[str, Any], stack: Stack) -> int:
    with tempfile.TemporaryFile("w+") as log:
        with lambda_runtime(folder, function_environment(folder, stack), log=log) as runtime:
            began = time.monotonic()
            reply = runtime.invoke(event)
            elapsed_ms = round((time.monotonic() - began) * 1000)
        log.seek(0)
        _show(Console(soft_wrap=True), reply, log=log.read(), elapsed_ms=elapsed_ms)
    return 1 if _has_failed(reply) else 0


def _has_failed(reply: Any) -> bool:
    """Whether Lambda tells of an error in place of what the function returned, which may be nothing at all."""
    return "errorType" in _members(reply)


def _members(reply: Any) -> dict[str, Any]:
    return cast(dict[str, Any], reply) if isinstance(reply, dict) else {}


def _show(console: Console, reply: Any, *, log: str, elapsed_ms: int) -> None:
    console.rule("What the function logged")
    console.print(log.strip(), style="dim", markup=False, highlight=False)
    console.rule(f"Reply after {elapsed_ms} ms, start included")
    answer = _members(reply)
    body: str = answer.get("body", "")
    console.print(JSON.from_data({name: value for name, value in answer.items() if name != "body"} or reply))
    console.print(JSON(body) if body.startswith(("{", "[")) else body, markup=False)


if __name__ == "__main__":
    sys.exit(main())
