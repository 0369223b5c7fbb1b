"""A process that we keep running: started in a session of its own, its output in a log, its end noticed."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from local.folders import Folders
from local.ports import open_directly

# The shell writes the id before the program starts, so that no moment is left in which it runs unknown.
_WRITE_ID_AND_RUN = 'echo $$ >"$0"; exec "$@"'


class ServiceFailedError(Exception):
    """A service did not come up, or keeps dying; the text ends with its last words."""


@dataclass(frozen=True, slots=True)
class Service:
    """`health_url` answers 2xx as soon as the service is of use; `env` is the whole environment.

    A service without `health_url` is a task: it is done when it ends.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    health_url: str | None = None
    grace_s: float = 5.0
    start_timeout_s: float = 90.0


class RunningService:
    def __init__(self, service: Service, process: subprocess.Popen[bytes]) -> None:
        self.service = service
        self._process = process

    @classmethod
    def start(cls, service: Service, folders: Folders) -> "RunningService":
        """Whatever an earlier run left of this service is stopped first."""
        claim, log = folders.claim(service.name), folders.log(service.name)
        claim.end_holder(grace_s=service.grace_s)
        log.parent.mkdir(parents=True, exist_ok=True)
        lock = claim.try_take()
        if lock is None:
            raise ServiceFailedError(f"{service.name}: process {claim.holder()} of an earlier run cannot be stopped")
        with lock, log.open("ab") as output:
            process = subprocess.Popen(
                ["/bin/sh", "-c", _WRITE_ID_AND_RUN, str(claim.path), *service.command],
                env=dict(service.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock.fileno(),),
            )
        return cls(service, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; below 0 the signal that ended it."""
        return self._process.poll()

    def is_healthy(self) -> bool:
        if self.service.health_url is None:
            return self.exit_code == 0
        try:
            with open_directly(self.service.health_url, timeout_s=1):
                return True
        except OSError:
            return False

    def ask_to_stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)

    def end(self) -> None:
        """Waits for the end that was asked for, and forces it where it does not come."""
        try:
            self._process.wait(self.service.grace_s)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
