"""Calls models over HTTP: one request, its follow-ups where the answer comes later, its reply. Retries nothing."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from pointsman.adapters.providers.aws_credentials import AwsCredentials, find_aws_credentials
from pointsman.adapters.providers.aws_event_stream import CONTENT_TYPE as AWS_EVENTS
from pointsman.adapters.providers.aws_event_stream import read_aws_events
from pointsman.adapters.providers.dialects.dialect import Call, Dialect, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import load_object
from pointsman.adapters.providers.dialects.table import DIALECTS, FOLLOW_UPS
from pointsman.adapters.providers.exchange import HttpAnswer, HttpClient, HttpMessage, is_success
from pointsman.adapters.providers.line import ProviderLine, read_body
from pointsman.adapters.providers.provider_errors import provider_errors, read_error
from pointsman.adapters.providers.server_sent_events import read_events
from pointsman.adapters.providers.spec import DialectName, ProviderSpec
from pointsman.application.stopwatch import lap
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.reply import Connected, ReplyEvent
from pointsman.domain.request import ChatRequest

# Between two questions whether something is ready.
PAUSE_S = 0.5
FILE_TYPES = ("audio/", "image/", "video/", "application/octet-stream")


class HttpProviders:
    """The `Providers` port over HTTP. `secret` gives a provider's key by its name, or None.

    `on_refused` is told when a provider does not take its key, which may have been replaced since it was read.
    """

    def __init__(
        self,
        catalog: Mapping[str, ProviderSpec],
        secret: Callable[[str], str | None],
        client: HttpClient,
        *,
        on_refused: Callable[[], None] = lambda: None,
        aws_credentials: Callable[[], AwsCredentials | None] = find_aws_credentials,
    ) -> None:
        self.line = ProviderLine(catalog, secret, client, on_refused, aws_credentials)

    def accounts(self) -> frozenset[str]:
        return self.line.accounts()

    async def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent]:
        """`timeout_s` bounds the wait for the answer's head (for all of it, if unstreamed) and every later silence.

        Raises RequestError where the provider's dialect cannot express the request.
        """
        spec = self.line.reach(endpoint)
        name = spec.dialect_for(card.kind, endpoint.mode)
        dialect = DIALECTS[name]
        with lap("translate"):
            upstream = dialect.encode(Call(request, card, spec, endpoint.upstream_model))
        with provider_errors(spec, dialect):
            if name in FOLLOW_UPS:
                for event in dialect.decode(await self._follow(upstream, spec, name, timeout_s=timeout_s)):
                    yield event
                return
            with lap("translate"):
                message = self.line.compose(spec, upstream, timeout_s=timeout_s)

            def streams(answer: HttpAnswer) -> bool:
                return _is_streaming(answer, wanted=request.stream)

            async with (
                self.line.send(spec, message, timeout_s=timeout_s, streams=streams) as answer,
                aclosing(_decode(answer, spec, dialect, stream=streams(answer))) as events,
            ):
                if answer.connection_ms:
                    yield Connected(answer.connection_ms)
                async for event in events:
                    yield event

    async def _follow(
        self, upstream: UpstreamRequest, spec: ProviderSpec, name: DialectName, *, timeout_s: float
    ) -> JsonObject:
        """The reply to the last of the requests that follow from one another."""
        message = self.line.compose(spec, upstream, timeout_s=timeout_s)
        async with asyncio.timeout(timeout_s):
            body = await self._read(message, spec, name, timeout_s=timeout_s)
            while (step := FOLLOW_UPS[name](body)) is not None:
                if not step.is_file:
                    await asyncio.sleep(PAUSE_S)
                message = self.line.compose_get(spec, step.url or message.url, timeout_s=timeout_s)
                body = await self._read(message, spec, name, timeout_s=timeout_s)
        return body

    async def _read(
        self, message: HttpMessage, spec: ProviderSpec, name: DialectName, *, timeout_s: float
    ) -> JsonObject:
        async with self.line.send(spec, message, timeout_s=timeout_s, streams=lambda _: False) as answer:
            return _read_whole(answer, spec, DIALECTS[name])


def _is_streaming(answer: HttpAnswer, *, wanted: bool) -> bool:
    # Some servers send events as plain text, and some answer a wish for a stream with a whole reply.
    kind = answer.headers.get("content-type", "")
    is_whole = "json" in kind or kind.startswith(FILE_TYPES)
    return is_success(answer) and not is_whole and (wanted or "event-stream" in kind)


async def _decode(
    answer: HttpAnswer, spec: ProviderSpec, dialect: Dialect, *, stream: bool
) -> AsyncGenerator[ReplyEvent]:
    if not stream:
        for event in dialect.decode(_read_whole(answer, spec, dialect)):
            yield event
        return
    read = read_aws_events if AWS_EVENTS in answer.headers.get("content-type", "") else read_events
    async with (
        aclosing(read(answer.pieces())) as server_events,
        aclosing(dialect.decode_stream(server_events)) as events,
    ):
        async for event in events:
            yield event


def _read_whole(answer: HttpAnswer, spec: ProviderSpec, dialect: Dialect) -> JsonObject:
    if not is_success(answer):
        body = read_body(answer)
        raise read_error(spec, dialect, body, status=answer.status, headers=answer.headers)
    kind = answer.headers.get("content-type", "")
    if kind.startswith(FILE_TYPES):
        return {"mime_type": kind, "base64_data": base64.b64encode(answer.content).decode()}
    return load_object(answer.content, "reply")
