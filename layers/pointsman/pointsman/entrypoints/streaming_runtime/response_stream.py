"""One streamed reply on its way to Lambda: a prelude, 8 NULs, then the body, in chunks that leave at once."""

import asyncio
import base64
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from pointsman.entrypoints.streaming_runtime.runtime_api import ERROR_TYPE, VERSION, describe

logger = logging.getLogger("pointsman")
ERROR_BODY: Final = "Lambda-Runtime-Function-Error-Body"
SEPARATOR: Final = b"\0" * 8
ACCEPTED: Final = 202
# API Gateway frames the answer by itself.
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
Headers = Iterable[tuple[bytes, bytes]]


@dataclass(slots=True)
class ResponseStream:
    """Open it once, write, then end it by `finish` or `fail`.

    `gone` is set as soon as nobody takes the stream any more: what is written after that goes nowhere.
    """

    address: str
    invocation_id: str
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: bool = False
    _writer: asyncio.StreamWriter | None = None
    _answer: asyncio.Task[int] | None = None

    @property
    def has_begun(self) -> bool:
        return self._writer is not None

    async def open(self, status: int, headers: Headers) -> None:
        host, _, port = self.address.rpartition(":")
        reader, self._writer = await asyncio.open_connection(host, int(port))
        self._answer = asyncio.create_task(self._read_answer(reader))
        self._writer.write(self._head())
        await self.write(encode_prelude(status, headers) + SEPARATOR)

    async def write(self, content: bytes) -> None:
        # A chunk of no bytes would end the stream.
        if content:
            await self._send(b"%x\r\n%b\r\n" % (len(content), content))

    async def finish(self) -> None:
        await self._end(b"0\r\n\r\n")

    async def fail(self, error: BaseException) -> None:
        """End a stream that cannot go on: only its trailers can still say so."""
        described = describe(error)
        details = base64.b64encode(json.dumps(described).encode()).decode()
        trailers = f"{ERROR_TYPE}: {described['errorType']}\r\n{ERROR_BODY}: {details}\r\n"
        await self._end(b"0\r\n" + trailers.encode() + b"\r\n")

    def _head(self) -> bytes:
        lines = (
            f"POST {VERSION}/invocation/{self.invocation_id}/response HTTP/1.1",
            f"Host: {self.address}",
            "Content-Type: application/vnd.awslambda.http-integration-response",
            "Lambda-Runtime-Function-Response-Mode: streaming",
            "Transfer-Encoding: chunked",
            f"Trailer: {ERROR_TYPE}, {ERROR_BODY}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _send(self, data: bytes) -> None:
        if self._writer is None or self.gone.is_set():
            return
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError:
            self.gone.set()

    async def _end(self, data: bytes) -> None:
        self.has_ended = True
        if self._writer is None or self._answer is None:
            return
        await self._send(data)
        status = await self._answer
        if status != ACCEPTED:
            logger.warning("the reply was not taken to its end: %s", status or "the connection was closed")
        self._writer.close()

    async def _read_answer(self, reader: asyncio.StreamReader) -> int:
        """Lambda's status; 0 where it closed without one. Before the stream's end it means that nobody listens."""
        try:
            line = await reader.readline()
        except OSError:
            line = b""
        parts = line.split()
        status = int(parts[1]) if len(parts) > 1 else 0
        if not self.has_ended or status != ACCEPTED:
            self.gone.set()
        return status


def encode_prelude(status: int, headers: Headers) -> bytes:
    """What API Gateway is told before the body. Headers that come more than once have a list of their own."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower() not in FRAMING:
            values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    prelude: dict[str, Any] = {
        "statusCode": status,
        "headers": {name: several[0] for name, several in values.items() if len(several) == 1},
        "multiValueHeaders": {name: several for name, several in values.items() if len(several) > 1},
        "cookies": [],
    }
    return json.dumps(prelude, separators=(",", ":")).encode()
