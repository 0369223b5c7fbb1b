"""What our functions talk to, without our own API: DynamoDB with its tables, and the simulated providers."""

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from local import ports
from local.folders import Folders
from local.report import Report
from local.stack import Stack, plan_stack
from local.supervisor import Supervisor


class StackBusyError(Exception):
    """Another run uses the same state."""


@contextmanager
def supervised(folders: Folders, report: Report) -> Generator[Supervisor, None, None]:
    """The only supervisor of a state folder; all that it started ends with it. Raises StackBusyError."""
    claim = folders.supervisor_claim.try_take()
    if claim is None:
        raise StackBusyError(f"another run uses {folders.root}: wait for its end")
    supervisor = Supervisor(folders, report, threading.Event())
    with claim:
        folders.end_leftovers()
        try:
            yield supervisor
        finally:
            supervisor.stop()


def plan_foundation(env: Mapping[str, str], folders: Folders) -> Stack:
    # The port is for the API, which is not started.
    return plan_stack({**env, "PORT": str(ports.pick(8080))}, folders)


@contextmanager
def foundation(env: Mapping[str, str], folders: Folders, report: Report) -> Generator[Stack, None, None]:
    """Everything up, with tables and registry; raises as `supervised` and the services' start do."""
    with supervised(folders, report) as supervisor:
        stack = plan_foundation(env, folders)
        with report.step("DynamoDB emulator, simulated providers, tables and registry"):
            supervisor.start([*stack.simulators, *([stack.emulator] if stack.emulator else [])])
            for task in stack.tasks:
                supervisor.run(task)
        yield stack
