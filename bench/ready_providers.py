"""Providers in the bench's own process, without sockets: one that answers at once, and one whose answer streams."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pointsman.adapters.providers.exchange import HttpMessage
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, TextDelta, Usage, UsageReported
from pointsman.domain.request import ChatRequest

from bench.peers.upstream import CHUNKS, USAGE, WORD

FRAME: Final[Mapping[str, Any]] = {"id": "up-1", "object": "chat.completion.chunk", "created": 0, "model": "upstream"}


class ReadyProvider:
    """A provider for all models that answers at once."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def accounts(self) -> frozenset[str]:
        return self._names

    async def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent, None]:
        yield ReplyStarted("up-1", endpoint.upstream_model)
        yield TextDelta("wavelength " * 55)
        yield Finished("stop", "stop")
        yield UsageReported(Usage({"input": 135, "output": 55}))


@dataclass(slots=True)
class StreamedAnswer:
    """Implements HttpAnswer: each chunk makes one wait."""

    status: int = 200
    connection_ms: int = 0
    content: bytes = b""

    @property
    def headers(self) -> Mapping[str, str]:
        return {"content-type": "text/event-stream"}

    async def read(self) -> None:
        """There is nothing to wait for."""

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        for _ in range(CHUNKS):
            yield await _come_later(_write_chunk({"content": WORD}, None))
        yield await _come_later(_write_chunk({}, "stop") + _write_event({"choices": [], "usage": USAGE}))
        yield await _come_later(b"data: [DONE]\n\n")

    def close(self) -> None:
        """Nothing was opened."""


class StreamingServer:
    """Implements HttpClient."""

    async def send(self, message: HttpMessage) -> StreamedAnswer:
        return StreamedAnswer()


async def _come_later(content: bytes) -> bytes:
    await asyncio.sleep(0)
    return content


def _write_chunk(delta: Mapping[str, str], finish_reason: str | None) -> bytes:
    return _write_event({"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]})


def _write_event(told: Mapping[str, Any]) -> bytes:
    return b"data: %b\n\n" % json.dumps({**FRAME, **told}).encode()
