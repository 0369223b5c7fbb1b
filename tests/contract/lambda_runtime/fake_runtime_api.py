"""Lambda's Runtime API on loopback, over plain sockets: hands out invocations and keeps every byte that comes."""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

CHUNK_SIZE = re.compile(rb"([0-9a-f]+)\r\n")
LENGTH = re.compile(rb"(?i)content-length: (\d+)")


@dataclass(frozen=True, slots=True)
class Event:
    """`seconds` is how long the function may take for it."""

    payload: Mapping[str, Any]
    seconds: float = 60.0
    id: str = "invocation-1"


@dataclass(slots=True)
class Call:
    """One POST of the runtime; `raw` is its body so far, as it came."""

    target: str
    headers: dict[str, str]
    raw: bytes = b""

    def chunks(self) -> list[bytes]:
        return split_chunks(self.raw)[0]

    def trailers(self) -> bytes:
        return split_chunks(self.raw)[1]


def split_chunks(raw: bytes) -> tuple[list[bytes], bytes]:
    """The chunks that are whole, and what follows the empty one: trailers and a blank line."""
    chunks, at = list[bytes](), 0
    while found := CHUNK_SIZE.match(raw, at):
        size, begin = int(found[1], 16), found.end()
        if size == 0:
            return chunks, raw[begin:]
        if len(raw) < begin + size + 2:
            break
        assert raw[begin + size : begin + size + 2] == b"\r\n"
        chunks.append(raw[begin : begin + size])
        at = begin + size + 2
    return chunks, b""


@dataclass(slots=True)
class FakeRuntimeApi:
    """`cut_after` chunks of a stream the connection is reset, as when the client has gone."""

    events: Sequence[Event] = ()
    cut_after: int | None = None
    calls: list[Call] = field(default_factory=list[Call])
    restores: int = 0
    _given: int = 0
    _listener: socket.socket = field(default_factory=socket.socket)

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def call(self, ending: str) -> Call:
        (found,) = [call for call in self.calls if call.target.endswith(ending)]
        return found

    @contextmanager
    def serving(self) -> Generator["FakeRuntimeApi", None, None]:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65_536)
            head, _, rest = received.partition(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            if method == "GET":
                connection.sendall(self._give(target))
            else:
                self._take(connection, target, head, rest)

    def _give(self, target: str) -> bytes:
        if target.endswith("/restore/next"):
            self.restores += 1
            return b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
        if self._given == len(self.events):
            return b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"
        event = self.events[self._given]
        self._given += 1
        body = json.dumps(event.payload).encode()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": event.id,
            "Lambda-Runtime-Deadline-Ms": str(round((time.time() + event.seconds) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:router:live",
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
            "Content-Length": str(len(body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body

    def _take(self, connection: socket.socket, target: str, head: bytes, rest: bytes) -> None:
        lines = (line.decode().partition(": ") for line in head.split(b"\r\n")[1:])
        call = Call(target, {name: value for name, _, value in lines})
        self.calls.append(call)
        length = LENGTH.search(head)
        piece = rest
        while True:
            call.raw += piece
            if self.cut_after is not None and len(call.chunks()) >= self.cut_after:
                # Reset rather than closed in good order.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if _is_whole(call.raw, None if length is None else int(length[1])):
                connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
                return
            piece = connection.recv(65_536)
            if not piece:
                return


def _is_whole(raw: bytes, length: int | None) -> bool:
    return split_chunks(raw)[1].endswith(b"\r\n") if length is None else len(raw) >= length
