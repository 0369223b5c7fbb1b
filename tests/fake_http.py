"""An HttpClient whose other end is one of httpx's transports: a function, recorded bytes, or an ASGI app."""

from collections.abc import AsyncIterator, Mapping

import httpx
from pointsman.adapters.providers.exchange import HttpMessage


class FakeAnswer:
    """Implements HttpAnswer."""

    connection_ms = 0

    def __init__(self, response: httpx.Response, stream: httpx.AsyncByteStream) -> None:
        self._response, self._stream = response, stream
        self.content = b""

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers

    async def read(self) -> None:
        self.content = await self._response.aread()

    def pieces(self) -> AsyncIterator[bytes]:
        return self._response.aiter_bytes()

    def close(self) -> None:
        closing = getattr(self._stream, "close_now", None)
        if closing is not None:
            closing()


class FakeHttp:
    """Implements HttpClient."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def send(self, message: HttpMessage) -> FakeAnswer:
        request = httpx.Request(message.method, message.url, headers=message.headers, content=message.content)
        response = await self._transport.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        return FakeAnswer(response, response.stream)
