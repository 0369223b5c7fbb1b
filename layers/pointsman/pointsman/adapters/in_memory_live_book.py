"""Health as this process has seen it: a breaker per model and endpoint. Knows nothing of other processes."""

import time
from collections.abc import Callable, Mapping

from pointsman.domain.latency import LiveFigures
from pointsman.domain.ledger import Attempt
from pointsman.domain.recovery import is_about_the_request

FAILURES_TO_OPEN = 3
OPEN_S = 30.0


class InMemoryLiveBook:
    """Implements LiveBook. Opens after some failures in a row and lets one through again after a while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._open_until: dict[str, float] = {}

    async def figures(self) -> Mapping[str, LiveFigures]:
        now = self._clock()
        return {key: LiveFigures(is_open=True) for key, until in self._open_until.items() if until > now}

    def note(self, key: str, attempt: Attempt) -> None:
        if attempt.error is not None and is_about_the_request(attempt.error):
            return
        self._failures[key] = self._failures.get(key, 0) + 1 if attempt.error else 0
        if self._failures[key] >= FAILURES_TO_OPEN:
            self._open_until[key] = self._clock() + OPEN_S
