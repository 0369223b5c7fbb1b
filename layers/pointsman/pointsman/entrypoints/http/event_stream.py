"""Server-sent events that do not fall silent: a comment whenever nothing has been sent for a while."""

import asyncio
import time
from contextlib import suppress

from fastapi.responses import StreamingResponse
from starlette.types import Message, Send

# OpenRouter's own text: clients that choke on other comments know this one.
KEEP_ALIVE = b": OPENROUTER PROCESSING\n\n"
KEEP_ALIVE_EVERY_S = 10.0


class EventStream(StreamingResponse):
    """A text/event-stream. The pulse is a task of its own, so that events pay nothing for it."""

    media_type = "text/event-stream"
    pause_s = KEEP_ALIVE_EVERY_S

    async def stream_response(self, send: Send) -> None:
        last_sent_at = time.monotonic()

        async def send_and_note(message: Message) -> None:
            nonlocal last_sent_at
            last_sent_at = time.monotonic()
            await send(message)

        async def pulse() -> None:
            while True:
                remaining_s = last_sent_at + self.pause_s - time.monotonic()
                if remaining_s > 0:
                    await asyncio.sleep(remaining_s)
                else:
                    await send_and_note({"type": "http.response.body", "body": KEEP_ALIVE, "more_body": True})

        beating = asyncio.create_task(pulse())
        try:
            await super().stream_response(send_and_note)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
