"""The line to the providers: composes HTTP requests with their keys, sends them, closes them. Knows no dialect."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from pointsman.adapters.providers.dialects.dialect import UpstreamRequest
from pointsman.adapters.providers.spec import AuthKind, ProviderSpec
from pointsman.domain.errors import ProviderError, ProviderFailure, RegistryError, RequestError
from pointsman.domain.json_types import JsonObject

AUTH_HEADERS: Mapping[AuthKind, tuple[str, str]] = {
    "bearer": ("authorization", "Bearer "),
    "x-api-key": ("x-api-key", ""),
    "x-goog-api-key": ("x-goog-api-key", ""),
    "x-key": ("x-key", ""),
}
KEEPALIVE_S = 60.0
UNAUTHORIZED = 401


def open_http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """One client for all providers: one pool of warm connections and one TLS context."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=KEEPALIVE_S)
    return httpx.AsyncClient(transport=transport, limits=limits, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """`secret` gives a provider's key by its name, or None.

    `on_refused` is told when a provider does not take its key, which may have been replaced since it was read.
    """

    catalog: Mapping[str, ProviderSpec]
    secret: Callable[[str], str | None]
    client: httpx.AsyncClient
    on_refused: Callable[[], None] = lambda: None

    def accounts(self) -> frozenset[str]:
        """The providers that can be called: those whose key is at hand, and those that need none."""
        return frozenset(name for name, spec in self.catalog.items() if self._can_call(spec))

    def find(self, provider: str) -> ProviderSpec:
        if provider not in self.catalog:
            raise RegistryError(f"no provider {provider!r} in the catalog")
        return self.catalog[provider]

    def compose(self, spec: ProviderSpec, upstream: UpstreamRequest, *, timeout_s: float) -> httpx.Request:
        headers = {**spec.headers, **upstream.headers, **self._authorize(spec)}
        url, limits = spec.base_url.rstrip("/") + upstream.path, _limits(spec, timeout_s)
        if upstream.files:
            files = [(file.name, (file.filename, file.content, file.mime_type)) for file in upstream.files]
            return self.client.build_request(
                "POST", url, data=dict(upstream.body), files=files, headers=headers, timeout=limits
            )
        headers["content-type"] = "application/json"
        return self.client.build_request(
            "POST", url, content=_write_json(upstream.body), headers=headers, timeout=limits
        )

    def compose_get(self, spec: ProviderSpec, url: str, *, timeout_s: float) -> httpx.Request:
        """`url` may be a path below the provider's base URL. No other site is shown the key."""
        whole = spec.base_url.rstrip("/") + url if url.startswith("/") else url
        headers: Mapping[str, str] = self._authorize(spec) if _is_same_site(whole, spec.base_url) else {}
        return self.client.build_request("GET", whole, headers=headers, timeout=_limits(spec, timeout_s))

    @asynccontextmanager
    async def send(
        self, message: httpx.Request, *, timeout_s: float, streams: Callable[[httpx.Response], bool]
    ) -> AsyncGenerator[httpx.Response]:
        """The response, with its body read unless it streams."""
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(timeout_s):
                response = await self.client.send(message, stream=True)
                stack.push_async_callback(response.aclose)
                if response.status_code == UNAUTHORIZED:
                    self.on_refused()
                if not streams(response):
                    await response.aread()
            yield response

    def _can_call(self, spec: ProviderSpec) -> bool:
        return spec.auth == "none" or spec.secret is None or spec.secret_is_optional or bool(self.secret(spec.secret))

    def _authorize(self, spec: ProviderSpec) -> Mapping[str, str]:
        if spec.auth == "none" or spec.secret is None:
            return {}
        key = self.secret(spec.secret)
        if key:
            name, prefix = AUTH_HEADERS[spec.auth]
            return {name: prefix + key}
        if spec.secret_is_optional:
            return {}
        message = f"{spec.display_name}: no key is set ({spec.secret})"
        raise ProviderError(ProviderFailure(spec.name, "authentication", message))


def read_body(response: httpx.Response) -> Any:
    """The JSON of an error's body. Proxies answer in HTML at times; then the status alone has to tell."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _limits(spec: ProviderSpec, timeout_s: float) -> httpx.Timeout:
    return httpx.Timeout(timeout_s, connect=min(spec.connect_timeout_s, timeout_s))


def _is_same_site(url: str, base_url: str) -> bool:
    """Regional hosts of one provider share the last two labels of their names; addresses have to be equal."""
    here, there = urlsplit(url), urlsplit(base_url)
    if here.hostname is None or there.hostname is None or here.scheme != there.scheme:
        return False
    if here.hostname == there.hostname:
        return here.port == there.port
    site = there.hostname.split(".")[-2:]
    is_name = not site[-1].isdigit()
    return is_name and here.hostname.endswith("." + ".".join(site))


def _write_json(body: JsonObject) -> bytes:
    try:
        # Escaped, for a lone surrogate in a prompt has no UTF-8.
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the request cannot be written as JSON: {error}") from error
