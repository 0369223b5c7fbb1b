"""Keeps services running until it is told to stop, and then leaves none behind. Knows nothing of what they do."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from local.folders import Folders
from local.report import Report
from local.service import RunningService, Service, ServiceFailedError

_POLL_S = 0.1
_RESTARTS_PER_MINUTE = 5
_LOG_TAIL_LINES = 15


class StopRequestedError(Exception):
    """The person has asked for an end while something was starting."""


class Supervisor:
    def __init__(self, folders: Folders, report: Report, stop: threading.Event) -> None:
        self._folders, self._report, self._stop = folders, report, stop
        self._running: list[RunningService] = []
        self._deaths: list[float] = []

    def start(self, services: Sequence[Service]) -> tuple[RunningService, ...]:
        """Starts all at once and returns when each is of use."""
        begun = [RunningService.start(service, self._folders) for service in services]
        self._running += begun
        for running in begun:
            self._wait_until_healthy(running)
        return tuple(begun)

    def run(self, task: Service) -> None:
        """Returns when the task has ended well."""
        self.start([task])
        self._running.pop()

    def watch(self) -> None:
        """Starts again what dies, until the end is asked for."""
        while not self._stop.wait(_POLL_S):
            for place, running in enumerate(self._running):
                if running.exit_code is not None:
                    self._running[place] = self._restart(running)

    def stop(self) -> None:
        """In the order opposite to the start, so that nothing loses what it still needs."""
        while self._running:
            running = self._running.pop()
            running.ask_to_stop()
            running.end()

    def _restart(self, dead: RunningService) -> RunningService:
        self._report.say(f"[yellow]{dead.service.name} died ({_how(dead)}): starting it again[/yellow]")
        now = time.monotonic()
        self._deaths = [moment for moment in self._deaths if now - moment < 60] + [now]
        if len(self._deaths) > _RESTARTS_PER_MINUTE:
            raise ServiceFailedError(self._last_words(dead.service, "keeps dying"))
        with self._report.step(f"{dead.service.name} is back"):
            running = RunningService.start(dead.service, self._folders)
            with suppress(ServiceFailedError):
                self._wait_until_healthy(running)
        return running

    def _wait_until_healthy(self, running: RunningService) -> None:
        deadline = time.monotonic() + running.service.start_timeout_s
        while not running.is_healthy():
            if self._stop.is_set():
                raise StopRequestedError
            if running.exit_code not in (None, 0) or time.monotonic() > deadline:
                raise ServiceFailedError(self._last_words(running.service, f"failed ({_how(running)})"))
            self._stop.wait(_POLL_S)

    def _last_words(self, service: Service, what: str) -> str:
        log = self._folders.log(service.name)
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_TAIL_LINES:])
        return f"{service.name} {what}. The end of {log}:\n{tail}"


def _how(running: RunningService) -> str:
    code = running.exit_code
    return "no answer" if code is None else f"signal {-code}" if code < 0 else f"exit code {code}"
