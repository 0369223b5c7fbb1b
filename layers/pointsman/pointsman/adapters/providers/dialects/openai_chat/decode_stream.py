"""A streamed reply in OpenAI's words as reply events."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass, field

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects, load_object
from pointsman.adapters.providers.dialects.openai_chat.decode import (
    decode_citations,
    decode_finish,
    decode_logprobs,
    decode_start,
    infer_finish,
    raise_reported_error,
)
from pointsman.adapters.providers.dialects.openai_chat.decode_message import decode_message
from pointsman.adapters.providers.dialects.openai_chat.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.openai_chat.tool_call_numbers import ToolCallNumbers
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, ReplyEvent

DONE = "[DONE]"


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    reading = _Reading()
    async for event in events:
        if event.data == DONE:
            reading.closed = True
            break
        for piece in reading.read(event):
            yield piece
    for piece in reading.finish():
        yield piece


@dataclass(slots=True)
class _Reading:
    """What must be remembered from chunk to chunk; `seen` has the kinds of events that each choice had."""

    numbers: ToolCallNumbers = field(default_factory=ToolCallNumbers)
    seen: dict[int, set[type[ReplyEvent]]] = field(default_factory=dict[int, set[type[ReplyEvent]]])
    ended: set[int] = field(default_factory=set[int])
    started: bool = False
    cited: bool = False
    closed: bool = False

    def read(self, event: ServerSentEvent) -> Iterator[ReplyEvent]:
        chunk = load_object(event.data, "chunk")
        if event.name == "error":
            raise InStreamError(chunk)
        raise_reported_error(chunk)
        yield from self._read_head(chunk)
        for choice in as_objects(chunk.get("choices"), "choices"):
            yield from self._read_choice(choice)
        yield from decode_usage(chunk)

    def finish(self) -> Iterator[ReplyEvent]:
        unfinished = self.seen.keys() - self.ended
        if (unfinished or not self.seen) and not self.closed:
            raise MalformedReplyError("the stream broke off")
        for number in sorted(unfinished):
            yield infer_finish(self.seen[number], number)

    def _read_head(self, chunk: JsonObject) -> Iterator[ReplyEvent]:
        # Azure's first chunk tells of its filters alone, without an id.
        if not self.started and (chunk.get("id") or chunk.get("choices")):
            self.started = True
            self.numbers.reply_id = str(chunk.get("id") or "")
            yield decode_start(chunk)
        if not self.cited and (chunk.get("citations") or chunk.get("search_results")):
            self.cited = True
            yield from decode_citations(chunk)

    def _read_choice(self, choice: JsonObject) -> Iterator[ReplyEvent]:
        number = as_count(choice.get("index"), "index")
        delta = as_object(choice.get("delta"), "delta")
        pieces: list[ReplyEvent] = [*decode_message(delta, number), *self.numbers.decode(delta, number)]
        self.seen.setdefault(number, set()).update(map(type, pieces))
        yield from pieces
        yield from decode_logprobs(choice, number)
        yield from self._read_finish(choice, number)

    def _read_finish(self, choice: JsonObject, number: int) -> Iterator[Finished]:
        # OpenRouter repeats the reason in its last chunk.
        finished = decode_finish(choice, number)
        if finished and number not in self.ended:
            self.ended.add(number)
            yield finished
