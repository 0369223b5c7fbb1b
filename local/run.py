"""`make run`: the whole of Pointsman on this machine, from DynamoDB to the first routed answer, until Ctrl-C."""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from rich.markup import escape

from local.first_answer import curl_line, tell_first_answer, tell_health
from local.folders import Folders
from local.ministack import EmulatorMissingError
from local.ports import LOOPBACK
from local.report import Report
from local.service import ServiceFailedError
from local.stack import ROOT, PortError, Stack, plan_stack
from local.supervisor import StopRequestedError, Supervisor


def main() -> int:
    report, stop = Report(), threading.Event()
    obey_signals(report, stop)
    folders = Folders(Path(os.environ.get("POINTSMAN_LOCAL_DIR", ROOT / ".pointsman")).resolve())
    claim = folders.supervisor_claim.try_take()
    if claim is None:
        report.complain(f"Pointsman runs here already (process {folders.supervisor_claim.holder()}).")
        return 1
    with claim:
        claim.truncate(0)
        claim.write(str(os.getpid()))
        claim.flush()
        return _run(os.environ, folders, report, stop)


def obey_signals(report: Report, stop: threading.Event) -> None:
    def hang_up(_number: int, _frame: object) -> None:
        report.fall_silent()
        stop.set()

    signal.signal(signal.SIGHUP, hang_up)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())


def _run(env: Mapping[str, str], folders: Folders, report: Report, stop: threading.Event) -> int:
    supervisor = Supervisor(folders, report, stop)
    try:
        if folders.find_leftovers():
            with report.step("Stopping what an earlier run left behind"):
                folders.end_leftovers()
        stack = plan_stack(env, folders)
        _start(stack, supervisor, report)
        threading.Thread(target=_welcome, args=(stack, report, stop), daemon=True).start()
        supervisor.watch()
    except StopRequestedError:
        pass
    except (EmulatorMissingError, PortError, ServiceFailedError) as error:
        report.complain(str(error))
        return 1
    finally:
        with report.step("Stopping"):
            supervisor.stop()
    return 0


def _start(stack: Stack, supervisor: Supervisor, report: Report) -> None:
    foundation = [*stack.simulators, *([stack.emulator] if stack.emulator else [])]
    with report.step(_foundation_text(stack)):
        supervisor.start(foundation)
    with report.step("Tables and registry"):
        for task in stack.tasks:
            supervisor.run(task)
    with report.step("API with its meta-model, and the functions that follow its tables"):
        supervisor.start([stack.functions, stack.api])


def _foundation_text(stack: Stack) -> str:
    database = "DynamoDB emulator" if stack.emulator else "DynamoDB at AWS_ENDPOINT_URL"
    return f"{database} and {len(stack.providers.urls)} simulated providers"


def _welcome(stack: Stack, report: Report, stop: threading.Event) -> None:
    report.say(f"\n[bold]Pointsman answers at {stack.url}/v1[/bold]  (key: {stack.key})\n")
    report.say(f"  {tell_health(stack.url)}\n{_providers_text(stack)}")
    answer = tell_first_answer(stack.url, key=stack.key)
    if stop.is_set():
        return
    report.say(f"\nThe first routed answer:\n{answer}")
    report.say(f"\nTry it:\n  {escape(curl_line(stack.url, key=stack.key))}\n\nCtrl-C stops everything.")


def _providers_text(stack: Stack) -> str:
    simulated = ", ".join(stack.providers.urls) or "none"
    real = ", ".join(stack.providers.real) or "none, for no API key is set"
    pace = f"at {stack.simulated_speed} times a real model's speed; POINTSMAN_SIM_SPEED changes that"
    return f"  called for real: {real}\n  simulated ({pace}): {simulated}\n{_faults_text(stack)}"


def _faults_text(stack: Stack) -> str:
    url = f"http://{LOOPBACK}:{stack.simulator_port}/_simulator/faults"
    example = escape('{"match": "openai", "kind": "status", "status": 503, "times": 3}')
    return f"  make a simulated provider fail by a POST such as {example} to {url}" if stack.simulators else ""


if __name__ == "__main__":
    sys.exit(main())
