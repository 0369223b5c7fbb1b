"""One exchange over HTTP as the providers' line needs it: what is asked, and what is answered. Knows no library."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class HttpMessage:
    """The headers' names are in lower case. `read_timeout_s` bounds each silence of the other side."""

    method: str
    url: str
    connect_timeout_s: float
    read_timeout_s: float
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes | None = None


class HttpAnswer(Protocol):
    """An answer whose body is yet to be read, by either way. `connection_ms` is 0 where an open connection served.

    The headers' names may be asked for in any case.
    """

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def connection_ms(self) -> int: ...

    @property
    def content(self) -> bytes:
        """All of the body, once `read` is through."""
        ...

    async def read(self) -> None: ...

    def pieces(self) -> AsyncIterator[bytes]: ...

    def close(self) -> None: ...


class HttpClient(Protocol):
    """Raises aiohttp's errors, and TimeoutError. Follows no redirect and asks nothing twice but what may be."""

    async def send(self, message: HttpMessage) -> HttpAnswer: ...


def is_success(answer: HttpAnswer) -> bool:
    return 200 <= answer.status < 300
