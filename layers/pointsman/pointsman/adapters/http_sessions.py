"""Sessions of aiohttp: warm connections over one TLS context, for as long as an event loop runs. Knows nobody's API."""

import asyncio
import select
import ssl
from collections.abc import Sequence
from typing import ClassVar
from urllib.request import getproxies
from weakref import WeakSet

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

KEPT_ALIVE_S = 60.0
# Some servers put whole policies into one header.
LONGEST_HEADER = 65_536


class HttpSessions:
    """Opens a session when it is first needed. `connections` is how many it has at most, to all hosts together.

    Cookies are not kept; proxies are those that the environment names. `tls` says whose certificates are trusted; to
    make one takes longer than to share one.
    """

    def __init__(
        self, *, connections: int, tls: ssl.SSLContext | None = None, traces: Sequence[aiohttp.TraceConfig] = ()
    ) -> None:
        self._connections, self._traces = connections, traces
        self._tls = tls or trust_machine()
        self._session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def current(self) -> aiohttp.ClientSession:
        """That of the running loop."""
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            self._session, self._loop = self._open(), loop
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=LiveConnector(limit=self._connections, keepalive_timeout=KEPT_ALIVE_S, ssl=self._tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),
            trust_env=_names_proxies(),
            trace_configs=list(self._traces),
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )


def trust_machine() -> ssl.SSLContext:
    """Trusts the machine's certificates, or those that SSL_CERT_FILE names."""
    tls = ssl.create_default_context()
    tls.set_alpn_protocols(("http/1.1",))
    return tls


def _names_proxies() -> bool:
    """Where that is not said, each request takes a thread to look for them."""
    return bool(getproxies().keys() - {"no"})


class LiveConnector(aiohttp.TCPConnector):
    """Passes over connections that the other side has closed, also where the loop has not noticed it yet.

    So it is after a function was frozen: its first request would go to where nobody listens.
    """

    _used: ClassVar = WeakSet[ResponseHandler]()

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout) -> Connection:
        connection = await super().connect(req, traces, timeout)
        while _is_spent(connection, self._used):
            connection.close()
            connection = await super().connect(req, traces, timeout)
        if connection.protocol is not None:
            self._used.add(connection.protocol)
        return connection


def _is_spent(connection: Connection, used: WeakSet[ResponseHandler]) -> bool:
    """Whether a connection at rest has something to say: that it is closed, or what nobody asked."""
    if connection.transport is None or connection.protocol not in used:
        return False
    poll = select.poll()
    poll.register(connection.transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(poll.poll(0))
