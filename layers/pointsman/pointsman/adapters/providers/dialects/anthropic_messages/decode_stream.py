"""A streamed reply in Anthropic's words as reply events."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pointsman.adapters.providers.dialects.anthropic_messages.decode import decode_start
from pointsman.adapters.providers.dialects.anthropic_messages.decode_block import decode_block
from pointsman.adapters.providers.dialects.anthropic_messages.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.anthropic_messages.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_text, load_object
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, ReplyEvent, ToolCallDelta

NO_ARGUMENTS = "{}"
# A delta has the fields of the block that it is a piece of.
BLOCK_OF_DELTA = {
    "text_delta": "text",
    "citations_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "thinking",
    "compaction_delta": "compaction",
}


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    reading = _Reading()
    async for event in events:
        for piece in reading.read(load_object(event.data, event.name)):
            yield piece
    if not reading.ended:
        raise MalformedReplyError("the stream broke off")


@dataclass(slots=True)
class _Reading:
    """What must be remembered from event to event. `open_call` is the tool call whose input is coming in."""

    usage: dict[str, Any] = field(default_factory=dict[str, Any])
    tool_calls: int = 0
    open_call: bool = False
    open_call_has_input: bool = False
    started: bool = False
    ended: bool = False

    def read(self, event: JsonObject) -> Iterator[ReplyEvent]:
        if event.get("type") == "error":
            raise InStreamError(event)
        # Anthropic reserves the right to add kinds of events, `ping` being one that says nothing.
        reader = _READERS.get(as_text(event.get("type"), "type"))
        if reader:
            yield from reader(self, event)

    def read_message_start(self, event: JsonObject) -> Iterator[ReplyEvent]:
        message = as_object(event.get("message"), "message")
        # A second start comes where Anthropic fell back to another model in the middle.
        if not self.started:
            self.started = True
            yield decode_start(message)
        yield from self._read_usage(message)

    def read_block_start(self, event: JsonObject) -> Iterator[ReplyEvent]:
        block = as_object(event.get("content_block"), "content_block")
        position = as_count(event.get("index"), "index")
        for piece in decode_block(block, position=position, tool_calls=self.tool_calls):
            yield self._open(piece) if isinstance(piece, ToolCallDelta) else piece

    def _open(self, call: ToolCallDelta) -> ToolCallDelta:
        # The input begins empty and follows in pieces; without pieces it stays so.
        self.open_call, self.open_call_has_input = True, call.arguments != NO_ARGUMENTS
        return call if self.open_call_has_input else replace(call, arguments="")

    def read_block_delta(self, event: JsonObject) -> Iterator[ReplyEvent]:
        delta = as_object(event.get("delta"), "delta")
        kind = as_text(delta.get("type"), "type")
        if kind == "input_json_delta":
            yield from self._read_input(as_text(delta.get("partial_json"), "partial_json"))
            return
        if kind not in BLOCK_OF_DELTA:
            raise MalformedReplyError(f"unknown delta {kind!r}")
        cited = [delta["citation"]] if "citation" in delta else None
        block = {**delta, "type": BLOCK_OF_DELTA[kind], "citations": cited}
        yield from decode_block(block, position=as_count(event.get("index"), "index"), tool_calls=self.tool_calls)

    def _read_input(self, piece: str) -> Iterator[ToolCallDelta]:
        # The steps that Anthropic takes by itself have inputs too.
        if self.open_call and piece:
            self.open_call_has_input = True
            yield ToolCallDelta(self.tool_calls, arguments=piece)

    def read_block_stop(self, _: JsonObject) -> Iterator[ReplyEvent]:
        if not self.open_call:
            return
        if not self.open_call_has_input:
            yield ToolCallDelta(self.tool_calls, arguments=NO_ARGUMENTS)
        self.open_call = False
        self.tool_calls += 1

    def read_message_delta(self, event: JsonObject) -> Iterator[ReplyEvent]:
        for piece in decode_finish(as_object(event.get("delta"), "delta")):
            if isinstance(piece, Finished) and self.ended:
                continue
            self.ended = self.ended or isinstance(piece, Finished)
            yield piece
        yield from self._read_usage(event)

    def _read_usage(self, holder: JsonObject) -> Iterator[ReplyEvent]:
        usage = as_object(holder.get("usage"), "usage")
        # Later counts are totals so far, and leave out what has not changed.
        self.usage |= {name: value for name, value in usage.items() if value is not None}
        if usage:
            yield decode_usage(self.usage)


_READERS: Mapping[str, Callable[[_Reading, JsonObject], Iterator[ReplyEvent]]] = {
    "message_start": _Reading.read_message_start,
    "content_block_start": _Reading.read_block_start,
    "content_block_delta": _Reading.read_block_delta,
    "content_block_stop": _Reading.read_block_stop,
    "message_delta": _Reading.read_message_delta,
}
