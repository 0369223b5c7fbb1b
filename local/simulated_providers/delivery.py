"""Sends a prepared answer at its model's pace, and shows a fault where one was ordered."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from local.simulated_providers.exchange import Dialect, Exchange
from local.simulated_providers.faults import Fault
from local.simulated_providers.pace import Clock

ResetConnection = Callable[[tuple[str, int]], None]
_NO_FAULT = Fault(kind="slow")


class OrderedTruncationError(Exception):
    """Raised in the midst of a body: the server then closes the connection without ending the reply."""


@dataclass(frozen=True, slots=True)
class Delivery:
    dialect: Dialect
    clock: Clock
    fault: Fault | None
    reset_connection: ResetConnection

    async def deliver(self, exchange: Exchange, request: Request) -> Response:
        """Raises Refusal where the fault is an HTTP status."""
        fault = self.fault or _NO_FAULT
        if fault.after_chunks == 0 or not exchange.ask.is_streamed:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.kind == "reset":
            return await self._reset(request)
        if fault.kind == "status" or (fault.kind == "error_in_stream" and not exchange.ask.is_streamed):
            raise fault.refusal
        await self.clock.wait_for_first_token(exchange.pace, prompt_tokens=exchange.counts.prompt)
        if exchange.ask.is_streamed:
            return StreamingResponse(self._stream(exchange, fault), media_type=self.dialect.stream_type)
        await self.clock.wait_for_tokens(exchange.pace, tokens=exchange.counts.completion)
        body = self.dialect.encode(exchange)
        return _truncated(body) if fault.kind == "truncate" else JSONResponse(body)

    async def _reset(self, request: Request) -> Response:
        assert request.client is not None
        self.reset_connection((request.client.host, request.client.port))
        return Response(status_code=503)

    async def _stream(self, exchange: Exchange, fault: Fault) -> AsyncIterator[str | bytes]:
        for number, frame in enumerate(self.dialect.encode_stream(exchange)):
            if self.fault and number == fault.after_chunks:
                if fault.kind == "truncate":
                    raise OrderedTruncationError(f"after {number} chunks")
                if fault.kind == "error_in_stream":
                    yield self.dialect.encode_stream_refusal(fault.refusal)
                    return
                await asyncio.sleep(fault.delay_ms / 1000 if number else 0)
            await self.clock.wait_for_tokens(exchange.pace, tokens=frame.tokens)
            yield frame.text


def _truncated(body: object) -> Response:
    text = json.dumps(body).encode()

    async def half() -> AsyncIterator[bytes]:
        yield text[: len(text) // 2]
        raise OrderedTruncationError("half-way through the body")

    return StreamingResponse(half(), media_type="application/json", headers={"content-length": str(len(text))})
