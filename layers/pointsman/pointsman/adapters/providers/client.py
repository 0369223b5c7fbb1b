"""Calls providers over HTTP. Knows how to send and to close, not what any dialect says. Retries nothing."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import httpx

from pointsman.adapters.providers.dialects.dialect import Call, Dialect, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import load_object
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.adapters.providers.provider_errors import provider_errors, read_error
from pointsman.adapters.providers.server_sent_events import read_events
from pointsman.adapters.providers.spec import AuthKind, ProviderSpec
from pointsman.domain.errors import ProviderError, ProviderFailure, RegistryError, RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.reply import ReplyEvent
from pointsman.domain.request import ChatRequest

AUTH_HEADERS: Mapping[AuthKind, tuple[str, str]] = {
    "bearer": ("authorization", "Bearer "),
    "x-api-key": ("x-api-key", ""),
    "x-goog-api-key": ("x-goog-api-key", ""),
}
KEEPALIVE_S = 60.0
UNAUTHORIZED = 401


def open_http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """One client for all providers: one pool of warm connections and one TLS context."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=KEEPALIVE_S)
    return httpx.AsyncClient(transport=transport, limits=limits, follow_redirects=False)


class HttpProviders:
    """The `Providers` port over HTTP. `secret` gives a provider's key by its name, or None.

    `on_refused` is told when a provider does not take its key, which may have been replaced since it was read.
    """

    def __init__(
        self,
        catalog: Mapping[str, ProviderSpec],
        secret: Callable[[str], str | None],
        client: httpx.AsyncClient,
        *,
        on_refused: Callable[[], None] = lambda: None,
    ) -> None:
        self._catalog = catalog
        self._secret = secret
        self._client = client
        self._on_refused = on_refused

    def accounts(self) -> frozenset[str]:
        """The providers that can be called: those whose key is at hand, and those that need none."""
        return frozenset(name for name, spec in self._catalog.items() if self._can_call(spec))

    def _can_call(self, spec: ProviderSpec) -> bool:
        return spec.auth == "none" or spec.secret is None or spec.secret_is_optional or bool(self._secret(spec.secret))

    async def reply(
        self, request: ChatRequest, card: ModelCard, endpoint: Endpoint, *, timeout_s: float
    ) -> AsyncGenerator[ReplyEvent]:
        """`timeout_s` bounds the wait for the answer's head (for all of it, if unstreamed) and every later silence.

        Raises RequestError where the provider's dialect cannot express the request.
        """
        spec = self._find(endpoint.provider)
        dialect = DIALECTS[spec.dialect]
        upstream = dialect.encode(Call(request, card, spec, endpoint.upstream_model))
        message = self._compose(spec, upstream, timeout_s=timeout_s)
        with provider_errors(spec, dialect):
            async with (
                self._send(message, timeout_s=timeout_s, stream=request.stream) as response,
                aclosing(_decode(response, spec, dialect, stream=request.stream)) as events,
            ):
                async for event in events:
                    yield event

    def _find(self, provider: str) -> ProviderSpec:
        if provider not in self._catalog:
            raise RegistryError(f"no provider {provider!r} in the catalog")
        return self._catalog[provider]

    def _compose(self, spec: ProviderSpec, upstream: UpstreamRequest, *, timeout_s: float) -> httpx.Request:
        headers = {**spec.headers, **upstream.headers, **self._authorize(spec), "content-type": "application/json"}
        return self._client.build_request(
            "POST",
            spec.base_url.rstrip("/") + upstream.path,
            content=_write_json(upstream.body),
            headers=headers,
            timeout=httpx.Timeout(timeout_s, connect=min(spec.connect_timeout_s, timeout_s)),
        )

    def _authorize(self, spec: ProviderSpec) -> Mapping[str, str]:
        if spec.auth == "none" or spec.secret is None:
            return {}
        key = self._secret(spec.secret)
        if key:
            name, prefix = AUTH_HEADERS[spec.auth]
            return {name: prefix + key}
        if spec.secret_is_optional:
            return {}
        message = f"{spec.display_name}: no key is set ({spec.secret})"
        raise ProviderError(ProviderFailure(spec.name, "authentication", message))

    @asynccontextmanager
    async def _send(self, message: httpx.Request, *, timeout_s: float, stream: bool) -> AsyncGenerator[httpx.Response]:
        """The response, with its body read unless it streams."""
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(timeout_s):
                response = await self._client.send(message, stream=True)
                stack.push_async_callback(response.aclose)
                if response.status_code == UNAUTHORIZED:
                    self._on_refused()
                if not (stream and _is_streaming(response)):
                    await response.aread()
            yield response


def _write_json(body: JsonObject) -> bytes:
    try:
        # Escaped, for a lone surrogate in a prompt has no UTF-8.
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the request cannot be written as JSON: {error}") from error


def _is_streaming(response: httpx.Response) -> bool:
    # Some servers send events as plain text, and some answer a wish for a stream with a whole reply.
    return response.is_success and "json" not in response.headers.get("content-type", "")


async def _decode(
    response: httpx.Response, spec: ProviderSpec, dialect: Dialect, *, stream: bool
) -> AsyncGenerator[ReplyEvent]:
    if not response.is_success:
        body = _read_error_body(response)
        raise read_error(spec, dialect, body, status=response.status_code, headers=response.headers)
    if not (stream and _is_streaming(response)):
        for event in dialect.decode(load_object(response.content, "reply")):
            yield event
        return
    async with (
        aclosing(read_events(response.aiter_bytes())) as server_events,
        aclosing(dialect.decode_stream(server_events)) as events,
    ):
        async for event in events:
            yield event


def _read_error_body(response: httpx.Response) -> Any:
    """Proxies answer in HTML at times; then the status alone has to tell."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None
