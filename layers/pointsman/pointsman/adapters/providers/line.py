"""The line to the providers: composes HTTP requests with their keys, sends them, closes them. Knows no dialect."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pointsman.adapters.providers.addresses import MissingSettingError, at_endpoint, has_settings
from pointsman.adapters.providers.authorization import Authorization
from pointsman.adapters.providers.aws_credentials import AwsCredentials, find_aws_credentials
from pointsman.adapters.providers.dialects.dialect import UpstreamRequest
from pointsman.adapters.providers.exchange import HttpAnswer, HttpClient, HttpMessage
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.errors import ProviderError, ProviderFailure, RegistryError, RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.model_card import Endpoint

UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """`secret` gives a provider's key by its name, or None.

    `on_refused` is told when a provider does not take its key, which may have been replaced since it was read.
    """

    catalog: Mapping[str, ProviderSpec]
    secret: Callable[[str], str | None]
    client: HttpClient
    on_refused: Callable[[], None] = lambda: None
    aws_credentials: Callable[[], AwsCredentials | None] = find_aws_credentials

    def accounts(self) -> frozenset[str]:
        """The providers that can be called: all is set that their address needs, and their key, where they need one."""
        authorization = self._authorization
        return frozenset(
            name
            for name, spec in self.catalog.items()
            if has_settings(spec, self.secret) and authorization.can_authorize(spec)
        )

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

    def compose(self, spec: ProviderSpec, upstream: UpstreamRequest, *, timeout_s: float) -> HttpMessage:
        headers = {name.lower(): value for name, value in {**spec.headers, **upstream.headers}.items()}
        content, headers["content-type"] = _write_form(upstream) if upstream.files else _write_json(upstream.body)
        url = spec.base_url.rstrip("/") + (spec.path or upstream.path)
        message = HttpMessage("POST", url, min(spec.connect_timeout_s, timeout_s), timeout_s, headers, content)
        message.headers.update(self._authorization.headers(spec, message))
        return message

    def compose_get(self, spec: ProviderSpec, url: str, *, timeout_s: float) -> HttpMessage:
        """`url` may be a path below the provider's base URL. No other site is shown the key."""
        whole = spec.base_url.rstrip("/") + url if url.startswith("/") else url
        message = HttpMessage("GET", whole, min(spec.connect_timeout_s, timeout_s), timeout_s)
        if _is_same_site(whole, spec.base_url):
            message.headers.update(self._authorization.headers(spec, message))
        return message

    @asynccontextmanager
    async def send(
        self,
        spec: ProviderSpec,
        message: HttpMessage,
        *,
        timeout_s: float,
        streams: Callable[[HttpAnswer], bool],
    ) -> AsyncGenerator[HttpAnswer]:
        """The response, with its body read unless it streams."""
        answer: HttpAnswer | None = None
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._send_authorized(spec, message)
                if not streams(answer):
                    await answer.read()
            yield answer
        finally:
            if answer is not None:
                answer.close()

    async def _send_authorized(self, spec: ProviderSpec, message: HttpMessage) -> HttpAnswer:
        """Sent once more where the key was refused and another one lies in its place by now."""
        answer = await self.client.send(message)
        if answer.status != UNAUTHORIZED:
            return answer
        self.on_refused()
        # In a thread of its own, for the store of the secrets may have to be read.
        if not await asyncio.to_thread(self._authorization.has_newer_key, spec, message):
            return answer
        answer.close()
        message.headers.update(self._authorization.headers(spec, message))
        return await self.client.send(message)

    @property
    def _authorization(self) -> Authorization:
        return Authorization(self.secret, self.aws_credentials)


def read_body(answer: HttpAnswer) -> Any:
    """The JSON of an error's body. Proxies answer in HTML at times; then the status alone has to tell."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


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


def _write_json(body: JsonObject) -> tuple[bytes, str]:
    """With its content type."""
    try:
        # Escaped, for a lone surrogate in a prompt has no UTF-8.
        return json.dumps(body, separators=(",", ":"), allow_nan=False).encode(), "application/json"
    except (ValueError, RecursionError) as error:
        raise RequestError(f"the request cannot be written as JSON: {error}") from error


def _write_form(upstream: UpstreamRequest) -> tuple[bytes, str]:
    """With its content type. A list is as many fields of one name."""
    # Only forms need it.
    from urllib3.filepost import encode_multipart_formdata

    fields: list[Any] = [(name, _write_field(each)) for name, value in upstream.body.items() for each in _all_of(value)]
    files = [(file.name, (file.filename, file.content, file.mime_type)) for file in upstream.files]
    return encode_multipart_formdata(fields + files)


def _all_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]


def _write_field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
