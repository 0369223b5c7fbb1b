"""Asks the endpoint on a stage of fakes, without a network."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pointsman.entrypoints.http.app import create_app

from tests.fakes import Stage

KEY = {"authorization": "Bearer dev"}


def ask(stage: Stage, path: str, body: Any = None, *, headers: Mapping[str, str] = KEY) -> httpx.Response:
    """GET without a body, POST with one; bytes are sent as they are."""

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(stage.router), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=dict(headers)) as client:
            if body is None:
                return await client.get(path)
            return await client.post(path, content=body if isinstance(body, bytes) else json.dumps(body))

    return asyncio.run(call())


def events_of(answer: httpx.Response) -> Sequence[Any]:
    """The data of named server-sent events, each of which must bear its type as its name."""
    assert answer.headers["content-type"].startswith("text/event-stream")
    events: list[Any] = []
    for block in answer.text.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {events[-1]['type']}"
    return events
