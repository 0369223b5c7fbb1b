"""A streamed reply in Cohere's words as reply events."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pointsman.adapters.providers.dialects.cohere_chat.decode import NO_ARGUMENTS
from pointsman.adapters.providers.dialects.cohere_chat.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.cohere_chat.decode_message import (
    decode_citation,
    decode_content,
    decode_tool_call,
)
from pointsman.adapters.providers.dialects.cohere_chat.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.cohere_chat.thoughts import as_plan
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_text, load_object
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReplyEvent, ReplyStarted, ToolCallDelta

# Cohere ends its streams with it, though not all of them.
DONE = "[DONE]"


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    reading = _Reading()
    async for event in events:
        if event.data == DONE:
            break
        for piece in reading.read(load_object(event.data, event.name)):
            yield piece
    if not reading.ended:
        raise MalformedReplyError("the stream broke off")


@dataclass(slots=True)
class _Reading:
    """What must be remembered from event to event: the tool calls without arguments so far."""

    bare_calls: set[int] = field(default_factory=set[int])
    ended: bool = False

    def read(self, event: JsonObject) -> Iterator[ReplyEvent]:
        kind = as_text(event.get("type"), "type")
        if kind == "error" or (not kind and "message" in event):
            raise InStreamError(event)
        # What else there is marks beginnings and ends, or is newer than this reader.
        reader = _READERS.get(kind)
        if reader:
            yield from reader(self, event)

    def read_start(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield ReplyStarted(as_text(event.get("id"), "id") or None)

    def read_content(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield from decode_content(_piece(event, "content"))

    def read_plan(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield as_plan(as_text(_message(event).get("tool_plan"), "tool_plan"))

    def read_call(self, event: JsonObject) -> Iterator[ReplyEvent]:
        call = decode_tool_call(_piece(event, "tool_calls"), as_count(event.get("index"), "index"))
        if not call.arguments:
            self.bare_calls.add(call.index)
        yield call

    def read_arguments(self, event: JsonObject) -> Iterator[ReplyEvent]:
        index = as_count(event.get("index"), "index")
        function = as_object(_piece(event, "tool_calls").get("function"), "function")
        arguments = as_text(function.get("arguments"), "arguments")
        if arguments:
            self.bare_calls.discard(index)
            yield ToolCallDelta(index, arguments=arguments)

    def read_call_end(self, event: JsonObject) -> Iterator[ReplyEvent]:
        index = as_count(event.get("index"), "index")
        if index in self.bare_calls:
            yield ToolCallDelta(index, arguments=NO_ARGUMENTS)

    def read_citation(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield from decode_citation(_piece(event, "citations"))

    def read_end(self, event: JsonObject) -> Iterator[ReplyEvent]:
        self.ended = True
        delta = as_object(event.get("delta"), "delta")
        yield decode_finish(delta)
        yield decode_usage(as_object(delta.get("usage"), "usage"))


def _message(event: JsonObject) -> JsonObject:
    return as_object(as_object(event.get("delta"), "delta").get("message"), "message")


def _piece(event: JsonObject, name: str) -> JsonObject:
    return as_object(_message(event).get(name), name)


_READERS: Mapping[str, Callable[[_Reading, JsonObject], Iterator[ReplyEvent]]] = {
    "message-start": _Reading.read_start,
    "content-start": _Reading.read_content,
    "content-delta": _Reading.read_content,
    "tool-plan-delta": _Reading.read_plan,
    "tool-call-start": _Reading.read_call,
    "tool-call-delta": _Reading.read_arguments,
    "tool-call-end": _Reading.read_call_end,
    "citation-start": _Reading.read_citation,
    "message-end": _Reading.read_end,
}
