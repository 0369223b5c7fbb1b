"""Server-sent events from bytes. Knows nothing of what they carry.

Ours and not httpx-sse: that drops a last event without its blank line, and refuses any other content type.
"""

import codecs
import io
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """`name` is "message" where the stream names none."""

    data: str
    name: str = "message"


async def read_events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[ServerSentEvent]:
    """Takes LF, CR and CRLF, skips comments, and gives a last event that no blank line follows."""
    reading = _Reading()
    async for chunk in chunks:
        for event in reading.read(chunk):
            yield event
    for event in reading.read(b"", is_last=True):
        yield event


def _new_decoder() -> io.IncrementalNewlineDecoder:
    return io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8-sig")("replace"), translate=True)


@dataclass(slots=True)
class _Reading:
    """What must be remembered from chunk to chunk: the rest of a line, and the event that has not ended."""

    decoder: io.IncrementalNewlineDecoder = field(default_factory=_new_decoder)
    rest: str = ""
    name: str = "message"
    data: list[str] = field(default_factory=list[str])

    def read(self, chunk: bytes, *, is_last: bool = False) -> Iterator[ServerSentEvent]:
        # str.splitlines would also split at U+2028 and its like, which JSON may hold unescaped.
        *lines, self.rest = (self.rest + self.decoder.decode(chunk, final=is_last)).split("\n")
        for line in (*lines, self.rest, "") if is_last else lines:
            if line:
                self._note(line)
            elif self.data:
                yield ServerSentEvent("\n".join(self.data), self.name)
                self.name, self.data = "message", []

    def _note(self, line: str) -> None:
        field_name, _, value = line.partition(":")
        if field_name == "data":
            self.data.append(value.removeprefix(" "))
        elif field_name == "event":
            self.name = value.removeprefix(" ")
