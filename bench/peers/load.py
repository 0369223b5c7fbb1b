"""The load generator, a process of its own: asks one URL over kept-alive connections and times each answer.

Run as a program: a `Task` as JSON on standard input, a `Timing` as JSON on standard output. It imports nothing but
the standard library, so that little of what it times is its own.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Task:
    """`requests` in all, `concurrency` of them at a time, each on a connection of its own.

    The first requests of all connections are spread evenly over `spread_s` seconds.
    """

    url: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    concurrency: int
    requests: int
    spread_s: float


@dataclass(slots=True)
class Timing:
    """Milliseconds from a request's last byte to the first of its answer's body, one for each request."""

    first_byte_ms: list[float] = field(default_factory=list[float])


class WrongAnswerError(Exception):
    """An answer that is not the whole one that was asked for; the text shows its beginning."""


def main() -> None:
    print(json.dumps(asdict(asyncio.run(_run(Task(**json.load(sys.stdin)))))))


async def _run(task: Task) -> Timing:
    timing, left = Timing(), iter(range(task.requests))
    await asyncio.gather(*(_ask_in_turn(task, left, timing, number) for number in range(task.concurrency)))
    return timing


async def _ask_in_turn(task: Task, left: Any, timing: Timing, number: int) -> None:
    address = urlsplit(task.url)
    await asyncio.sleep(task.spread_s * number / task.concurrency)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    message = _write_request(task, path=address.path, host=address.netloc)
    for _ in left:
        writer.write(message)
        began, first_ms, content = time.perf_counter(), None, b""
        async for piece in _read_body(reader):
            first_ms = first_ms or (time.perf_counter() - began) * 1000
            content += piece
        if first_ms is None or not _is_whole(content, task):
            raise WrongAnswerError(content[:500].decode(errors="replace"))
        timing.first_byte_ms.append(first_ms)
    writer.close()


def _write_request(task: Task, *, path: str, host: str) -> bytes:
    body = json.dumps(task.body).encode()
    headers = {"host": host, "content-type": "application/json", "content-length": str(len(body)), **task.headers}
    lines = "\r\n".join(f"{name}: {value}" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n\r\n".encode() + body


async def _read_body(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length:" in head:
        yield await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
        return
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)


def _is_whole(content: bytes, task: Task) -> bool:
    if task.body["stream"]:
        return content.endswith(b"data: [DONE]\n\n") and content.count(b"wavelength") == 55
    return content.count(b"wavelength") == 55


if __name__ == "__main__":
    main()
