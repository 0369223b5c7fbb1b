"""Times the opening of a connection, from what httpx's transport tells of its doings."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

STARTS = frozenset({"connection.connect_tcp.started", "connection.start_tls.started"})
ENDS = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


@dataclass(slots=True)
class ConnectionTimer:
    """`took_ms` is 0 where an open connection served. `clock` gives seconds that never run backwards."""

    clock: Callable[[], float] = time.monotonic
    took_ms: int = 0
    _since: float = 0.0

    async def __call__(self, event: str, _info: Any) -> None:
        if event in STARTS:
            self._since = self.clock()
        elif event in ENDS:
            self.took_ms += max(1, round((self.clock() - self._since) * 1000))


def time_connection(message: httpx.Request) -> ConnectionTimer:
    timer = ConnectionTimer()
    message.extensions = {**message.extensions, "trace": timer}
    return timer
