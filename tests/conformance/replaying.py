"""Runs an answer through the real client, with only the transport swapped."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing

import httpx
from pointsman.adapters.providers.client import HttpProviders
from pointsman.adapters.providers.spec import load_catalog
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest

from tests.fake_http import FakeHttp

CATALOG = load_catalog()
KEY = "a-key-for-tests"


class Wire(httpx.AsyncBaseTransport):
    """Answers every request with the same bytes, in pieces that end anywhere, and remembers what was asked."""

    def __init__(self, content: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.content = content
        self.status = status
        self.headers = {k: v for k, v in (headers or {}).items() if k != "content-encoding"}
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers, content=self._pieces())

    async def _pieces(self) -> AsyncIterator[bytes]:
        # Another size for each answer, be it a byte at a time, and the same one in each run.
        size = 1 + zlib.crc32(self.content) % 997
        for start in range(0, len(self.content), size):
            yield self.content[start : start + size]


def replay(
    wire: Wire,
    request: ChatRequest,
    card: ModelCard,
    *,
    row: str,
    model: str = "a-model",
    mode: str | None = None,
) -> list[ReplyEvent]:
    """The events that the wire's answer becomes. Raises what the client raises."""
    return asyncio.run(_replay(wire, request, card, endpoint=Endpoint(row, model, mode=mode)))


async def _replay(wire: Wire, request: ChatRequest, card: ModelCard, *, endpoint: Endpoint) -> list[ReplyEvent]:
    providers = HttpProviders(CATALOG, lambda name: KEY, FakeHttp(wire))
    async with aclosing(providers.reply(request, card, endpoint, timeout_s=5)) as events:
        return [event async for event in events]
