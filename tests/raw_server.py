"""A server that answers with bytes as they are told, right or wrong, from a thread of its own."""

import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Self

After = Literal["keep", "close", "reset", "hang"]
AT_ONCE_AND_HARD = struct.pack("ii", 1, 0)

TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True, slots=True)
class Told:
    """What one request is answered, and what becomes of its connection afterwards."""

    content: bytes
    after: After = "keep"


@dataclass(slots=True)
class RawServer:
    """Each request takes the next answer; the last serves all that follow. One connection at a time."""

    answers: Sequence[Told]
    requests: list[bytes] = field(default_factory=list[bytes])
    connections: int = 0
    closed: threading.Event = field(default_factory=threading.Event)
    _socket: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                with connection, suppress(ConnectionError):
                    self._serve(connection)
                self.closed.set()

    def _serve(self, connection: socket.socket) -> None:
        while request := _read_request(connection):
            self.requests.append(request)
            told = self.answers[min(len(self.requests), len(self.answers)) - 1]
            connection.sendall(told.content)
            if told.after == "keep":
                continue
            if told.after == "hang":
                self._ended.wait(30)
            if told.after == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_AND_HARD)
            return


def _read_request(connection: socket.socket) -> bytes:
    """Head and body of one request; nothing where the other side has hung up."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            return b""
        head += piece
        # A greeting of TLS has no lines.
        if head == TLS_HANDSHAKE:
            break
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return head + (connection.recv(int(length), socket.MSG_WAITALL) if length else b"")


def whole(body: bytes, *headers: bytes) -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n%b\r\n%b" % (len(body), lines, body)
