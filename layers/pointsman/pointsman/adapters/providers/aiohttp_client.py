"""The exchanges of the providers' line over aiohttp. Knows no provider."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from pointsman.adapters.providers.connection_time import ConnectionTimer
from pointsman.adapters.providers.exchange import HttpMessage


@dataclass(slots=True)
class AiohttpAnswer:
    """Implements HttpAnswer."""

    response: aiohttp.ClientResponse
    connection_ms: int
    content: bytes = b""

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self.response.headers

    async def read(self) -> None:
        self.content = await self.response.read()

    def pieces(self) -> AsyncIterator[bytes]:
        return self.response.content.iter_any()

    def close(self) -> None:
        self.response.close()


@dataclass(frozen=True, slots=True)
class AiohttpClient:
    """Implements HttpClient. `session` gives the running loop's, which has `trace_connections`."""

    session: Callable[[], aiohttp.ClientSession]

    async def send(self, message: HttpMessage) -> AiohttpAnswer:
        timer = ConnectionTimer()
        response = await self.session().request(
            message.method,
            _read_url(message.url),
            headers=message.headers,
            data=message.content,
            timeout=aiohttp.ClientTimeout(sock_connect=message.connect_timeout_s, sock_read=message.read_timeout_s),
            allow_redirects=False,
            trace_request_ctx=timer,
        )
        return AiohttpAnswer(response, timer.took_ms)


def _read_url(url: str) -> URL:
    """As it is written, for it may be signed; only what may not stand in a URL is escaped."""
    is_written_well = url.isascii() and url.isprintable() and " " not in url
    try:
        return URL(url, encoded=is_written_well)
    except ValueError as error:
        raise aiohttp.InvalidURL(url) from error
