"""Server-sent events from bytes. Knows nothing of what they carry.

Ours and not httpx-sse: that drops a last event without its blank line, and refuses any other content type.
"""

import codecs
import io
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """`name` is "message" where the stream names none."""

    data: str
    name: str = "message"


async def read_events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[ServerSentEvent]:
    """Takes LF, CR and CRLF, skips comments, and gives a last event that no blank line follows."""
    name, data = "message", list[str]()
    async for line in _read_lines(chunks):
        field, _, value = line.partition(":")
        if field == "event":
            name = value.removeprefix(" ")
        elif field == "data":
            data.append(value.removeprefix(" "))
        elif not line and data:
            yield ServerSentEvent("\n".join(data), name)
            name, data = "message", []
    if data:
        yield ServerSentEvent("\n".join(data), name)


async def _read_lines(chunks: AsyncIterator[bytes]) -> AsyncGenerator[str]:
    # str.splitlines would also split at U+2028 and its like, which JSON may hold unescaped.
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8-sig")("replace"), translate=True)
    rest = ""
    async for chunk in chunks:
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in lines:
            yield line
    *lines, rest = (rest + decoder.decode(b"", final=True)).split("\n")
    for line in (*lines, rest):
        yield line
