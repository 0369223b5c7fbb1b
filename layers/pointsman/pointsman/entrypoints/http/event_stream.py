"""Server-sent events that do not fall silent, and whose source ends when the client goes.

Frames that are there at once, as when several came in one read, leave together: each write costs a system call.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from pointsman.domain.errors import PointsmanError
from pointsman.entrypoints.http.before_waiting import await_after
from pointsman.entrypoints.http.departure import unless_gone

# The first byte commits status 200. So nothing is sent while an error may still get a status of its own, for as long
# as clients and gateways bear silence.
PAUSE_S = 10.0
# As much as is held back while the source goes on without a wait.
MOST_HELD_BYTES = 32_768


class EventStream(Response):
    """`frames` as a text/event-stream, with `keep_alive` wherever nothing has been sent for a pause.

    `headers` are asked for when the first byte goes. An error before that is raised; a later one is told by the frames
    that `explain` makes of it.
    """

    media_type = "text/event-stream"
    pause_s = PAUSE_S

    def __init__(
        self,
        frames: AsyncGenerator[bytes, None],
        *,
        explain: Callable[[PointsmanError], Iterable[bytes]],
        keep_alive: bytes,
        headers: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        # Not super's: that one would announce an empty body.
        self.status_code, self.background = 200, None
        self._frames, self._explain, self._keep_alive = frames, explain, keep_alive
        self._late_headers = headers

    def begin(self) -> Message:
        """The head, with the headers as they are now."""
        self.init_headers({"cache-control": "no-cache", **self._late_headers()})
        return {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI calls it so
        await unless_gone(receive, self._send_all(_Line(self, send)))

    async def _send_all(self, line: "_Line") -> None:
        async with aclosing(self._frames) as frames, line.kept_alive(self._keep_alive, self.pause_s):
            try:
                while (frame := await await_after(anext(frames, None), line.flush)) is not None:
                    await line.hold(frame)
            except PointsmanError as error:
                if not line.has_begun:
                    raise
                for frame in self._explain(error):
                    await line.hold(frame)
        await line.send(line.take_held(), is_last=True)


class _Line:
    """Where the frames go. The pulse is a task of its own, so that they pay nothing for it."""

    def __init__(self, response: EventStream, send: Send) -> None:
        self._response, self._send = response, send
        self._last_sent_at, self._order = time.monotonic(), asyncio.Lock()
        self._held, self._held_bytes = list[bytes](), 0
        self._has_sent = False

    @property
    def has_begun(self) -> bool:
        return self._has_sent or bool(self._held)

    async def hold(self, frame: bytes) -> None:
        """It leaves with the next flush, or at once where too much is held."""
        self._held.append(frame)
        self._held_bytes += len(frame)
        if self._held_bytes > MOST_HELD_BYTES:
            await self.flush()

    async def flush(self) -> None:
        if self._held:
            await self.send(self.take_held())

    def take_held(self) -> bytes:
        held = b"".join(self._held)
        self._held.clear()
        self._held_bytes = 0
        return held

    async def send(self, body: bytes, *, is_last: bool = False) -> None:
        async with self._order:
            self._last_sent_at = time.monotonic()
            if not self._has_sent:
                self._has_sent = True
                await self._send(self._response.begin())
            await self._send({"type": "http.response.body", "body": body, "more_body": not is_last})

    @asynccontextmanager
    async def kept_alive(self, comment: bytes, pause_s: float) -> AsyncGenerator[None, None]:
        beating = asyncio.create_task(self._beat(comment, pause_s))
        try:
            yield
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _beat(self, comment: bytes, pause_s: float) -> None:
        while True:
            remaining_s = self._last_sent_at + pause_s - time.monotonic()
            if remaining_s > 0:
                await asyncio.sleep(remaining_s)
            else:
                await self.send(comment)
