"""The line to the providers: composes HTTP requests with their keys, sends them, closes them. Knows no dialect."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from pointsman.adapters.providers.addresses import MissingSettingError, at_endpoint, has_settings
from pointsman.adapters.providers.authorization import Authorization, AwsCredentials, find_aws_credentials
from pointsman.adapters.providers.dialects.dialect import UpstreamRequest
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.errors import ProviderError, ProviderFailure, RegistryError, RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import Endpoint

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
    aws_credentials: Callable[[], AwsCredentials | None] = find_aws_credentials

    def accounts(self) -> frozenset[str]:
        """The providers that can be called: all is set that their address needs, and their key, where they need one."""
        return frozenset(name for name, spec in self.catalog.items() if self._can_call(spec))

    def find(self, provider: str) -> ProviderSpec:
        if provider not in self.catalog:
            raise RegistryError(f"no provider {provider!r} in the catalog")
        return self.catalog[provider]

    def reach(self, endpoint: Endpoint) -> ProviderSpec:
        """The provider's row as this endpoint uses it. ProviderError where its address lacks a setting."""
        spec = self.find(endpoint.provider)
        try:
            return at_endpoint(spec, endpoint, self.secret)
        except MissingSettingError as error:
            message = f"{spec.display_name}: {error} is not set"
            raise ProviderError(ProviderFailure(spec.name, "authentication", message)) from error

    def compose(self, spec: ProviderSpec, upstream: UpstreamRequest, *, timeout_s: float) -> httpx.Request:
        headers = {**spec.headers, **upstream.headers}
        url, limits = spec.base_url.rstrip("/") + (spec.path or upstream.path), _limits(spec, timeout_s)
        if upstream.files:
            files = [(file.name, (file.filename, file.content, file.mime_type)) for file in upstream.files]
            message = self.client.build_request(
                "POST", url, data=dict(upstream.body), files=files, headers=headers, timeout=limits
            )
        else:
            headers["content-type"] = "application/json"
            content = _write_json(upstream.body)
            message = self.client.build_request("POST", url, content=content, headers=headers, timeout=limits)
        message.headers.update(self._authorization.headers(spec, message))
        return message

    def compose_get(self, spec: ProviderSpec, url: str, *, timeout_s: float) -> httpx.Request:
        """`url` may be a path below the provider's base URL. No other site is shown the key."""
        whole = spec.base_url.rstrip("/") + url if url.startswith("/") else url
        message = self.client.build_request("GET", whole, timeout=_limits(spec, timeout_s))
        if _is_same_site(whole, spec.base_url):
            message.headers.update(self._authorization.headers(spec, message))
        return message

    @asynccontextmanager
    async def send(
        self,
        spec: ProviderSpec,
        message: httpx.Request,
        *,
        timeout_s: float,
        streams: Callable[[httpx.Response], bool],
    ) -> AsyncGenerator[httpx.Response]:
        """The response, with its body read unless it streams."""
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(timeout_s):
                response = await self._send_authorized(spec, message)
                stack.push_async_callback(response.aclose)
                if not streams(response):
                    await response.aread()
            yield response

    async def _send_authorized(self, spec: ProviderSpec, message: httpx.Request) -> httpx.Response:
        """Sent once more where the key was refused and another one lies in its place by now."""
        response = await self.client.send(message, stream=True)
        if response.status_code != UNAUTHORIZED:
            return response
        self.on_refused()
        # In a thread of its own, for the store of the secrets may have to be read.
        if not await asyncio.to_thread(self._authorization.has_newer_key, spec, message):
            return response
        await response.aclose()
        message.headers.update(self._authorization.headers(spec, message))
        return await self.client.send(message, stream=True)

    @property
    def _authorization(self) -> Authorization:
        return Authorization(self.secret, self.aws_credentials)

    def _can_call(self, spec: ProviderSpec) -> bool:
        return has_settings(spec, self.secret) and self._authorization.can_authorize(spec)


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
