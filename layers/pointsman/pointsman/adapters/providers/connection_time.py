"""Times the opening of a connection, from what aiohttp tells of its doings."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(slots=True)
class ConnectionTimer:
    """`took_ms` is 0 where an open connection served. `clock` gives seconds that never run backwards."""

    clock: Callable[[], float] = time.monotonic
    took_ms: int = 0
    _since: float = 0.0

    def begin(self) -> None:
        self._since = self.clock()

    def end(self) -> None:
        self.took_ms += max(1, round((self.clock() - self._since) * 1000))


def trace_connections() -> aiohttp.TraceConfig:
    """For a session whose requests bring a ConnectionTimer as their `trace_request_ctx`."""
    traces = aiohttp.TraceConfig()
    traces.on_connection_create_start.append(_begin)
    traces.on_connection_create_end.append(_end)
    return traces


async def _begin(_session: Any, context: Any, _told: Any) -> None:
    context.trace_request_ctx.begin()


async def _end(_session: Any, context: Any, _told: Any) -> None:
    context.trace_request_ctx.end()
