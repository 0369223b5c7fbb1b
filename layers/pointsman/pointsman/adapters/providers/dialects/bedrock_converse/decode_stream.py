"""A streamed reply in Bedrock's words as reply events."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pointsman.adapters.providers.dialects.bedrock_converse.decode_block import (
    decode_citation,
    decode_image,
    decode_tool_use,
    is_of_server,
)
from pointsman.adapters.providers.dialects.bedrock_converse.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.bedrock_converse.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.bedrock_converse.thoughts import decode_thought
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_text, load_object
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReplyEvent, ReplyStarted, TextDelta, ToolCallDelta

NO_ARGUMENTS = "{}"
EXCEPTION = "exception"


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    reading = _Reading()
    async for event in events:
        for piece in reading.read(event.name, load_object(event.data, event.name)):
            yield piece
    if not reading.ended:
        raise MalformedReplyError("the stream broke off")


@dataclass(slots=True)
class _Call:
    """The tool call of one block: its index among the calls, and whether any of its input has come."""

    index: int
    has_input: bool = False


@dataclass(slots=True)
class _Reading:
    """What must be remembered from event to event: the tool calls by their block."""

    calls: dict[int, _Call] = field(default_factory=dict[int, _Call])
    ended: bool = False

    def read(self, name: str, event: JsonObject) -> Iterator[ReplyEvent]:
        if name.lower().endswith(EXCEPTION):
            raise InStreamError({**event, "type": name[:1].upper() + name[1:]})
        # An event that is newer than this reader says nothing to it.
        reader = _READERS.get(name)
        if reader:
            yield from reader(self, event)

    def read_start(self, _: JsonObject) -> Iterator[ReplyEvent]:
        yield ReplyStarted()

    def read_block_start(self, event: JsonObject) -> Iterator[ReplyEvent]:
        start = as_object(event.get("start"), "start")
        use = as_object(start.get("toolUse"), "toolUse")
        if use and not is_of_server(use):
            call = _Call(len(self.calls))
            self.calls[_block_of(event)] = call
            yield decode_tool_use(use, call.index)

    def read_delta(self, event: JsonObject) -> Iterator[ReplyEvent]:
        delta, block = as_object(event.get("delta"), "delta"), _block_of(event)
        known = next((name for name in _DELTA_READERS if name in delta), None)
        if known is None:
            raise MalformedReplyError(f"unknown delta with {', '.join(sorted(delta)) or 'nothing'}")
        yield from _DELTA_READERS[known](self, delta, block)

    def read_text(self, delta: JsonObject, _: int) -> Iterator[ReplyEvent]:
        text = as_text(delta.get("text"), "text")
        if text:
            yield TextDelta(text)

    def read_input(self, delta: JsonObject, block: int) -> Iterator[ReplyEvent]:
        # The tools that Bedrock runs by itself have inputs too.
        call = self.calls.get(block)
        piece = as_text(as_object(delta.get("toolUse"), "toolUse").get("input"), "input")
        if call and piece:
            call.has_input = True
            yield ToolCallDelta(call.index, arguments=piece)

    def read_thought(self, delta: JsonObject, block: int) -> Iterator[ReplyEvent]:
        yield from decode_thought(as_object(delta.get("reasoningContent"), "reasoningContent"), index=block)

    def read_citation(self, delta: JsonObject, _: int) -> Iterator[ReplyEvent]:
        yield decode_citation(as_object(delta.get("citation"), "citation"))

    def read_image(self, delta: JsonObject, _: int) -> Iterator[ReplyEvent]:
        yield from decode_image(as_object(delta.get("image"), "image"))

    def pass_over(self, _: JsonObject, __: int) -> Iterator[ReplyEvent]:
        return iter(())

    def read_block_stop(self, event: JsonObject) -> Iterator[ReplyEvent]:
        call = self.calls.get(_block_of(event))
        if call and not call.has_input:
            call.has_input = True
            yield ToolCallDelta(call.index, arguments=NO_ARGUMENTS)

    def read_stop(self, event: JsonObject) -> Iterator[ReplyEvent]:
        self.ended = True
        yield decode_finish(event)

    def read_metadata(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield decode_usage(as_object(event.get("usage"), "usage"))


def _block_of(event: JsonObject) -> int:
    return as_count(event.get("contentBlockIndex"), "contentBlockIndex")


_READERS: Mapping[str, Callable[[_Reading, JsonObject], Iterator[ReplyEvent]]] = {
    "messageStart": _Reading.read_start,
    "contentBlockStart": _Reading.read_block_start,
    "contentBlockDelta": _Reading.read_delta,
    "contentBlockStop": _Reading.read_block_stop,
    "messageStop": _Reading.read_stop,
    "metadata": _Reading.read_metadata,
}
_DELTA_READERS: Mapping[str, Callable[[_Reading, JsonObject, int], Iterator[ReplyEvent]]] = {
    "text": _Reading.read_text,
    "toolUse": _Reading.read_input,
    "reasoningContent": _Reading.read_thought,
    "citation": _Reading.read_citation,
    "image": _Reading.read_image,
    # What a tool of Bedrock's own gave.
    "toolResult": _Reading.pass_over,
}
