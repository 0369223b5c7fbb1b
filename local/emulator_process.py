"""Runs ministack's DynamoDB and saves its tables soon after every change, so that not even kill -9 costs much.

Run by the interpreter of ministack's own environment; knows nothing of Pointsman. ministack itself saves only
when it is shut down in good order.
"""

import asyncio
import importlib
import os
import time
from typing import Any

_LEAST_INTERVAL_S = 0.5
# Saving holds up requests: at most this share of the time goes into it, however large the tables grow.
_SHARE_OF_TIME = 0.1
_READS = ("Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List")


class SavingApp:
    """The emulator's ASGI app, with a save due after each call that may have changed a table."""

    def __init__(self, app: Any, *, dynamodb: Any, persistence: Any) -> None:
        self._app, self._dynamodb, self._persistence = app, dynamodb, persistence
        self._changed, self._saving = asyncio.Event(), asyncio.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def receive_after_saving() -> Any:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                # ministack saves next; an older save still under way would overwrite that. No other begins.
                await self._saving.acquire()
            return message

        await self._app(scope, receive_after_saving, send)
        if scope["type"] == "http" and _may_write(dict(scope["headers"])):
            self._changed.set()

    async def keep_saving(self) -> None:
        pause_s = _LEAST_INTERVAL_S
        while True:
            await self._changed.wait()
            await asyncio.sleep(pause_s)
            async with self._saving:
                self._changed.clear()
                began = time.monotonic()
                # Copied on the event loop, where no request can change the tables meanwhile.
                state = self._dynamodb.get_state()
                await asyncio.to_thread(self._persistence.save_state, "dynamodb", state)
                pause_s = max(_LEAST_INTERVAL_S, (time.monotonic() - began) / _SHARE_OF_TIME)


def _may_write(headers: dict[bytes, bytes]) -> bool:
    operation = headers.get(b"x-amz-target", b"").decode().partition(".")[2]
    return bool(operation) and not operation.startswith(_READS)


async def _serve() -> None:
    dynamodb = importlib.import_module("ministack.services.dynamodb")
    persistence = importlib.import_module("ministack.core.persistence")
    app = SavingApp(importlib.import_module("ministack.app").app, dynamodb=dynamodb, persistence=persistence)
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    config.graceful_timeout = 1.0
    saving = asyncio.create_task(app.keep_saving())
    await importlib.import_module("hypercorn.asyncio").serve(app, config)
    saving.cancel()


if __name__ == "__main__":
    asyncio.run(_serve())
