"""Calls and streams as the tests of the dialects need them."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import Any, cast

from pointsman.adapters.providers.dialects.dialect import Call, Dialect
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.adapters.providers.spec import load_catalog
from pointsman.domain.model_card import ModelCard
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest, MediaPart, Message, TextPart

from tests.conformance.cards import card_with

CATALOG = load_catalog()


def say(text: str = "Hello", *media: MediaPart) -> Message:
    return Message("user", (TextPart(text), *media))


def call_for(request: ChatRequest, *, row: str, card: ModelCard | None = None) -> Call:
    return Call(request, card or card_with(), CATALOG[row], "a-model")


def body_for(dialect: Dialect, request: ChatRequest, *, row: str, card: ModelCard | None = None) -> Any:
    return dialect.encode(call_for(request, row=row, card=card)).body


def decode_stream(dialect: Dialect, chunks: Iterable[object]) -> list[ReplyEvent]:
    """Chunks that are text already are sent as they are, pairs under the name that they begin with."""

    async def feed() -> AsyncIterator[ServerSentEvent]:
        for chunk in chunks:
            name, data = cast(tuple[str, Any], chunk) if isinstance(chunk, tuple) else ("message", chunk)
            yield ServerSentEvent(data if isinstance(data, str) else json.dumps(data), name)

    async def collect() -> list[ReplyEvent]:
        return [event async for event in dialect.decode_stream(feed())]

    return asyncio.run(collect())


def drain(events: AsyncGenerator[ReplyEvent]) -> list[ReplyEvent]:
    """All events of a reply, which is closed afterwards."""

    async def collect() -> list[ReplyEvent]:
        async with aclosing(events) as opened:
            return [event async for event in opened]

    return asyncio.run(collect())
