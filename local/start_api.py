"""`make start-api`: `sam local start-api` on the local stack, with keys that are checked as in an account.

The pepper lies in the emulator's SSM, the keys in its tables; providers whose key is not set are simulated.
"""

import os
import secrets
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pointsman.adapters.providers.spec import load_catalog
from pointsman.settings import Settings
from rich.markup import escape

from local.aws_emulator import REGION, AwsEmulator
from local.container_bridge import DockerError, plan_bridge
from local.first_answer import curl_line, tell_first_answer
from local.folders import Folders
from local.ministack import EmulatorMissingError
from local.report import Report
from local.run import obey_signals
from local.sam_deployment import DeploymentError, run_command
from local.sam_local import SECRETS_PREFIX, plan_start_api, write_template
from local.service import Service, ServiceFailedError
from local.stack import ROOT, PortError, Stack, plan_stack
from local.supervisor import StopRequestedError, Supervisor

POINTSMAN = Path(sys.executable).with_name("pointsman")
REFUSALS = (DeploymentError, DockerError, EmulatorMissingError, PortError, ServiceFailedError)


def main() -> int:
    report, stop = Report(), threading.Event()
    obey_signals(report, stop)
    folders = Folders(ROOT / ".pointsman" / "start-api")
    claim = folders.supervisor_claim.try_take()
    if claim is None:
        report.complain("`make start-api` runs already.")
        return 1
    with claim:
        folders.end_leftovers()
        return _run(folders, report, stop)


def _run(folders: Folders, report: Report, stop: threading.Event) -> int:
    supervisor = Supervisor(folders, report, stop)
    try:
        url, key = _start(plan(os.environ, folders), supervisor, report)
        report.say(f"\nThe first routed answer:\n{tell_first_answer(url, key=key)}")
        report.say(f"\nTry it:\n  {escape(curl_line(url, key=key))}\n\nCtrl-C stops everything.")
        supervisor.watch()
    except StopRequestedError:
        pass
    except REFUSALS as error:
        report.complain(str(error))
        return 1
    finally:
        with report.step("Stopping"):
            supervisor.stop()
    return 0


def plan(env: Mapping[str, str], folders: Folders) -> Stack:
    """The local stack, its emulator with SSM. What is set for other runs of Pointsman does not count here."""
    kept = {name: value for name, value in env.items() if not name.startswith(("POINTSMAN_", "AWS_"))}
    port = env.get("PORT", "8080")
    stack = plan_stack({**kept, "PORT": port, "AWS_REGION": REGION, "POINTSMAN_LOCAL_KEY": ""}, folders)
    assert stack.emulator is not None
    emulator_env = stack.emulator.env
    services = {"SERVICES": f"{emulator_env['SERVICES']},ssm"}
    return replace(stack, emulator=replace(stack.emulator, env={**emulator_env, **services}))


def _start(stack: Stack, supervisor: Supervisor, report: Report) -> tuple[str, str]:
    """The URL and a key for it."""
    assert stack.emulator is not None
    port = int(stack.emulator.env["GATEWAY_PORT"])
    bridge = plan_bridge(port, stack.simulator_port, health_path="/_ministack/health")
    with report.step("DynamoDB, SSM and the simulated providers"):
        supervisor.start([*stack.simulators, stack.emulator, *([bridge] if bridge else [])])
    with report.step("Tables, registry, pepper and a key"):
        for task in stack.tasks:
            supervisor.run(task)
        key = _equip(stack, AwsEmulator(port))
    with report.step("sam local start-api, with an image of the layers"):
        supervisor.start([_plan_sam(stack)])
    return stack.url, key


def _plan_sam(stack: Stack) -> Service:
    return plan_start_api(write_template(stack), stack, port=int(stack.url.rpartition(":")[2]))


def _equip(stack: Stack, emulator: AwsEmulator) -> str:
    store = emulator.client("ssm")
    for name, value in _secrets(stack.api.env).items():
        store.put_parameter(Name=f"{SECRETS_PREFIX}/{name}", Value=value, Type="SecureString", Overwrite=True)
    env = {**stack.api.env, "POINTSMAN_SECRETS_PREFIX": SECRETS_PREFIX}
    return run_command([str(POINTSMAN), "keys", "create", "local", "--requests-per-minute", "600"], env).strip()


def _secrets(env: Mapping[str, str]) -> Mapping[str, str]:
    """A pepper of this run alone, and the providers' keys that are set."""
    names = {spec.secret for spec in load_catalog().values()}
    keys = {name: value for name, value in env.items() if name in names and value}
    return {**keys, Settings().key_pepper_secret: secrets.token_hex(32)}


if __name__ == "__main__":
    sys.exit(main())
