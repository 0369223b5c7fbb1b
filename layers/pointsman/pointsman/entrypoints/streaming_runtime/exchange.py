"""One invocation as an ASGI exchange: the app's messages become the stream, its end and its failures the stream's."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope

from pointsman.entrypoints.streaming_runtime.response_stream import ResponseStream

# What is left to close upstream calls and to keep the account before Lambda ends the function.
MARGIN_S: Final = 2.0


class DeadlineReachedError(Exception):
    """The function's time is nearly over, and the app has not ended."""


class NoAnswerError(Exception):
    """The app returned without an answer."""


@dataclass(slots=True)
class Exchange:
    """`late_answer` is told where the deadline comes before the answer has begun; `run` it once."""

    scope: Scope
    body: bytes
    stream: ResponseStream
    late_answer: Response
    _request_taken: bool = False
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, app: ASGIApp, *, deadline_s: float, margin_s: float = MARGIN_S) -> None:
        """Returns with the stream ended, however the app ended. Raises what an app raised that has not begun."""
        leaving = asyncio.create_task(self._notice_departure())
        limit = asyncio.timeout(deadline_s - margin_s - time.time())
        try:
            async with limit:
                await app(self.scope, self.receive, self.send)
            await self._close(NoAnswerError("the app ended without an answer"))
        except Exception as error:  # noqa: BLE001 - whatever the app failed of, the stream has to be ended
            if limit.expired():
                await self._close(DeadlineReachedError("the function's time is over"), late=self.late_answer)
            else:
                await self._close(error)
        finally:
            leaving.cancel()

    async def receive(self) -> Message:
        if not self._request_taken:
            self._request_taken = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self._ended.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self.stream.open(message["status"], message.get("headers", ()))
        elif message["type"] == "http.response.body":
            await self.stream.write(message.get("body", b""))
            if not message.get("more_body", False):
                await self.stream.finish()
                self._ended.set()

    async def _notice_departure(self) -> None:
        await self.stream.gone.wait()
        self._ended.set()

    async def _close(self, error: Exception, *, late: Response | None = None) -> None:
        """End what has not been ended; before anything has begun there is still a choice."""
        if self.stream.has_ended:
            return
        if self.stream.has_begun:
            await self.stream.fail(error)
        elif late is not None:
            await self.stream.open(late.status_code, late.raw_headers)
            await self.stream.write(bytes(late.body))
            await self.stream.finish()
        else:
            raise error
