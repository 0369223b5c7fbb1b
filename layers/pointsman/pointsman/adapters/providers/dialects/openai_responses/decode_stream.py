"""A streamed reply in the words of OpenAI's Responses as reply events."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects, as_text, load_object
from pointsman.adapters.providers.dialects.openai_responses.decode import decode_start
from pointsman.adapters.providers.dialects.openai_responses.decode_finish import decode_finish, raise_reported_error
from pointsman.adapters.providers.dialects.openai_responses.decode_item import (
    FUNCTION_CALL,
    PICTURE,
    decode_annotation,
    decode_call,
    decode_logprobs,
    decode_picture,
    is_step,
)
from pointsman.adapters.providers.dialects.openai_responses.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.openai_responses.thoughts import (
    as_summary,
    as_thought,
    decode_reasoning,
    decode_secret,
)
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReasoningDelta, RefusalDelta, ReplyEvent, TextDelta, ToolCallDelta

DONE = "[DONE]"


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    reading = _Reading()
    async for event in events:
        # Some providers say it after the end, as in chat completions.
        if event.data == DONE:
            break
        for piece in reading.read(load_object(event.data, event.name)):
            yield piece
        if reading.ended:
            break
    if not reading.ended:
        raise MalformedReplyError("the stream broke off")


@dataclass(slots=True)
class _Reading:
    """What must be remembered from event to event, by the place of an item: tool calls, and what was told already."""

    calls: dict[int, int] = field(default_factory=dict[int, int])
    with_arguments: set[int] = field(default_factory=set[int])
    with_thoughts: set[int] = field(default_factory=set[int])
    with_annotations: set[int] = field(default_factory=set[int])
    ended: bool = False

    def read(self, event: JsonObject) -> Iterator[ReplyEvent]:
        kind = as_text(event.get("type"), "type")
        if kind == "error":
            raise InStreamError(event)
        # What else there is tells of progress, or is newer than this reader.
        reader = _READERS.get(kind)
        if reader:
            yield from reader(self, event)

    def read_start(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield decode_start(as_object(event.get("response"), "response"))

    def read_text(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield TextDelta(_delta_of(event))
        yield from decode_logprobs(event)

    def read_refusal(self, event: JsonObject) -> Iterator[ReplyEvent]:
        yield RefusalDelta(_delta_of(event))

    def read_summary(self, event: JsonObject) -> Iterator[ReplyEvent]:
        index = as_count(event.get("summary_index"), "summary_index")
        yield from self._think(event, as_summary(_delta_of(event), item_id=_item_id_of(event), index=index))

    def read_thought(self, event: JsonObject) -> Iterator[ReplyEvent]:
        index = as_count(event.get("content_index"), "content_index")
        yield from self._think(event, as_thought(_delta_of(event), item_id=_item_id_of(event), index=index))

    def _think(self, event: JsonObject, thoughts: Iterator[ReasoningDelta]) -> Iterator[ReplyEvent]:
        self.with_thoughts.add(_place_of(event))
        yield from thoughts

    def read_annotation(self, event: JsonObject) -> Iterator[ReplyEvent]:
        self.with_annotations.add(_place_of(event))
        yield decode_annotation(as_object(event.get("annotation"), "annotation"))

    def read_item_start(self, event: JsonObject) -> Iterator[ReplyEvent]:
        item = as_object(event.get("item"), "item")
        if item.get("type") == FUNCTION_CALL:
            yield replace(self._open_call(item, _place_of(event)), arguments="")

    def _open_call(self, item: JsonObject, place: int) -> ToolCallDelta:
        self.calls[place] = len(self.calls)
        return decode_call(item, self.calls[place])

    def read_arguments(self, event: JsonObject) -> Iterator[ReplyEvent]:
        place, piece = _place_of(event), _delta_of(event)
        if place in self.calls and piece:
            self.with_arguments.add(place)
            yield ToolCallDelta(self.calls[place], arguments=piece)

    def read_item(self, event: JsonObject) -> Iterator[ReplyEvent]:
        """A finished item: only what its pieces have not told."""
        item, place = as_object(event.get("item"), "item"), _place_of(event)
        kind = as_text(item.get("type"), "type")
        if kind == FUNCTION_CALL:
            yield from self._finish_call(item, place)
        elif kind == "reasoning":
            yield from decode_secret(item) if place in self.with_thoughts else decode_reasoning(item)
        elif kind == PICTURE:
            yield from decode_picture(item)
        elif kind == "message":
            yield from self._finish_message(item, place)
        elif not is_step(kind):
            raise MalformedReplyError(f"unknown output item {kind!r}")

    def _finish_call(self, item: JsonObject, place: int) -> Iterator[ReplyEvent]:
        if place not in self.calls:
            yield self._open_call(item, place)
        elif place not in self.with_arguments:
            yield ToolCallDelta(self.calls[place], arguments=decode_call(item, 0).arguments)

    def _finish_message(self, item: JsonObject, place: int) -> Iterator[ReplyEvent]:
        if place in self.with_annotations:
            return
        for part in as_objects(item.get("content"), "content"):
            for annotation in as_objects(part.get("annotations"), "annotations"):
                yield decode_annotation(annotation)

    def read_end(self, event: JsonObject) -> Iterator[ReplyEvent]:
        response = as_object(event.get("response"), "response")
        raise_reported_error(response)
        self.ended = True
        yield decode_finish(response, has_tool_calls=bool(self.calls))
        yield from decode_usage(response)


def _delta_of(event: JsonObject) -> str:
    return as_text(event.get("delta"), "delta")


def _item_id_of(event: JsonObject) -> str:
    return as_text(event.get("item_id"), "item_id")


def _place_of(event: JsonObject) -> int:
    return as_count(event.get("output_index"), "output_index")


_READERS: Mapping[str, Callable[[_Reading, JsonObject], Iterator[ReplyEvent]]] = {
    "response.created": _Reading.read_start,
    "response.output_text.delta": _Reading.read_text,
    "response.refusal.delta": _Reading.read_refusal,
    "response.reasoning_summary_text.delta": _Reading.read_summary,
    "response.reasoning_text.delta": _Reading.read_thought,
    "response.output_text.annotation.added": _Reading.read_annotation,
    "response.output_item.added": _Reading.read_item_start,
    "response.function_call_arguments.delta": _Reading.read_arguments,
    "response.output_item.done": _Reading.read_item,
    "response.completed": _Reading.read_end,
    "response.incomplete": _Reading.read_end,
    "response.failed": _Reading.read_end,
}
