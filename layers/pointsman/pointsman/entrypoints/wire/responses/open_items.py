"""Items of a response while they grow: what belongs to each, and what is told as it opens, grows and closes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from pointsman.application.incoming import AnswerEvent
from pointsman.domain.errors import ProviderError, ProviderFailure
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import join_details
from pointsman.domain.reply import (
    AnnotationAdded,
    LogprobsDelta,
    MediaProduced,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
)
from pointsman.domain.request import MediaPart
from pointsman.entrypoints.wire.responses import items
from pointsman.entrypoints.wire.telling import Telling


class OpenItem(Protocol):
    """`whole` is the finished item, once it is closed; `is_cut` where the answer ended before its end."""

    @property
    def whole(self) -> JsonObject: ...

    def takes(self, event: AnswerEvent, /) -> bool: ...

    def open(self) -> Iterator[JsonObject]: ...

    def encode(self, event: AnswerEvent, /) -> Iterator[JsonObject]: ...

    def close(self, is_cut: bool, /) -> Iterator[JsonObject]: ...


def open_item_for(event: AnswerEvent, telling: Telling, *, place: int) -> OpenItem | None:
    """The item that an event opens; None for what has no place in a response."""
    response_id = telling.subject.id
    match event:
        case TextDelta() | RefusalDelta() | AnnotationAdded() | LogprobsDelta():
            return OpenMessage(items.item_id("message", response_id, place), place)
        case ReasoningDelta() if not telling.hides_reasoning:
            return OpenReasoning(items.item_id("reasoning", response_id, place), place)
        case ToolCallDelta(index, call_id, str(name)):
            return OpenCall(items.item_id("function_call", response_id, place), place, index, call_id or "", name)
        case ToolCallDelta():
            message = "the provider mixed the pieces of two tool calls"
            raise ProviderError(ProviderFailure(telling.provider, "malformed_reply", message))
        case MediaProduced(media):
            return WholeMedia(items.item_id("image_generation_call", response_id, place), place, media)
        case _:
            return None


def _added(place: int, item: JsonObject) -> JsonObject:
    return {"type": "response.output_item.added", "output_index": place, "item": item}


def _done(place: int, item: JsonObject) -> JsonObject:
    return {"type": "response.output_item.done", "output_index": place, "item": item}


@dataclass(slots=True)
class OpenMessage:
    """Text and then, where there is one, a refusal: two parts, each opened by its first piece."""

    identity: str
    place: int
    text: str = ""
    refusal: str = ""
    annotations: list[JsonObject] = field(default_factory=list[JsonObject])
    logprobs: list[JsonObject] = field(default_factory=list[JsonObject])
    _parts: list[str] = field(default_factory=list[str])
    _is_cut: bool = False

    @property
    def whole(self) -> JsonObject:
        content = [self._part(kind) for kind in self._parts]
        return items.encode_message_item(self.identity, content, "incomplete" if self._is_cut else "completed")

    def takes(self, event: AnswerEvent) -> bool:
        return isinstance(event, TextDelta | RefusalDelta | AnnotationAdded | LogprobsDelta)

    def open(self) -> Iterator[JsonObject]:
        yield _added(self.place, items.encode_message_item(self.identity, [], "in_progress"))

    def encode(self, event: AnswerEvent) -> Iterator[JsonObject]:
        match event:
            case TextDelta(text):
                yield from self._enter("output_text")
                self.text += text
                yield self._told("response.output_text.delta", {"delta": text, "logprobs": []})
            case LogprobsDelta(logprobs):
                yield from self._enter("output_text")
                entries = items.encode_logprobs(logprobs)
                self.logprobs += entries
                yield self._told("response.output_text.delta", {"delta": "", "logprobs": entries})
            case AnnotationAdded(annotation):
                yield from self._enter("output_text")
                self.annotations.append(annotation)
                told = {
                    "annotation_index": len(self.annotations) - 1,
                    "annotation": items.encode_annotation(annotation),
                }
                yield self._told("response.output_text.annotation.added", told)
            case RefusalDelta(text):
                yield from self._enter("refusal")
                self.refusal += text
                yield self._told("response.refusal.delta", {"delta": text})
            case _:
                pass

    def close(self, is_cut: bool, /) -> Iterator[JsonObject]:
        self._is_cut = is_cut
        yield from self._leave()
        yield _done(self.place, self.whole)

    def _enter(self, kind: str) -> Iterator[JsonObject]:
        if self._parts[-1:] == [kind]:
            return
        yield from self._leave()
        self._parts.append(kind)
        empty = items.encode_text("") if kind == "output_text" else items.encode_refusal("")
        yield self._told("response.content_part.added", {"part": empty})

    def _leave(self) -> Iterator[JsonObject]:
        if not self._parts:
            return
        kind = self._parts[-1]
        if kind == "output_text":
            yield self._told("response.output_text.done", {"text": self.text, "logprobs": self.logprobs})
        else:
            yield self._told("response.refusal.done", {"refusal": self.refusal})
        yield self._told("response.content_part.done", {"part": self._part(kind)})

    def _part(self, kind: str) -> JsonObject:
        is_text = kind == "output_text"
        return (
            items.encode_text(self.text, self.annotations, self.logprobs)
            if is_text
            else items.encode_refusal(self.refusal)
        )

    def _told(self, kind: str, told: JsonObject) -> JsonObject:
        where = {"item_id": self.identity, "output_index": self.place, "content_index": len(self._parts) - 1}
        return {"type": kind, **where, **told}


@dataclass(slots=True)
class OpenReasoning:
    identity: str
    place: int
    text: str = ""
    _details: list[JsonObject] = field(default_factory=list[JsonObject])

    @property
    def whole(self) -> JsonObject:
        return items.encode_reasoning_item(self.identity, self.text, join_details(self._details))

    def takes(self, event: AnswerEvent) -> bool:
        return isinstance(event, ReasoningDelta)

    def open(self) -> Iterator[JsonObject]:
        yield _added(self.place, items.encode_reasoning_item(self.identity, "", (), "in_progress"))

    def encode(self, event: AnswerEvent) -> Iterator[JsonObject]:
        if not isinstance(event, ReasoningDelta):
            return
        self._details += [event.detail] if event.detail else []
        if not event.text:
            return
        if not self.text:
            yield self._told("part.added", {"part": items.encode_summary("")})
        self.text += event.text
        yield self._told("text.delta", {"delta": event.text})

    def close(self, _is_cut: bool, /) -> Iterator[JsonObject]:
        if self.text:
            yield self._told("text.done", {"text": self.text})
            yield self._told("part.done", {"part": items.encode_summary(self.text)})
        yield _done(self.place, self.whole)

    def _told(self, kind: str, told: JsonObject) -> JsonObject:
        where = {"item_id": self.identity, "output_index": self.place, "summary_index": 0}
        return {"type": f"response.reasoning_summary_{kind}", **where, **told}


@dataclass(slots=True)
class OpenCall:
    identity: str
    place: int
    index: int
    call_id: str
    name: str
    arguments: str = ""

    @property
    def whole(self) -> JsonObject:
        arguments = self.arguments or "{}"
        return items.encode_call_item(self.identity, call_id=self.call_id, name=self.name, arguments=arguments)

    def takes(self, event: AnswerEvent) -> bool:
        return isinstance(event, ToolCallDelta) and event.index == self.index

    def open(self) -> Iterator[JsonObject]:
        begun = {"call_id": self.call_id, "name": self.name, "arguments": ""}
        yield _added(self.place, items.encode_call_item(self.identity, **begun, status="in_progress"))

    def encode(self, event: AnswerEvent) -> Iterator[JsonObject]:
        if isinstance(event, ToolCallDelta) and event.arguments:
            self.arguments += event.arguments
            yield self._told("delta", {"delta": event.arguments})

    def close(self, _is_cut: bool, /) -> Iterator[JsonObject]:
        yield self._told("done", {"name": self.name, "arguments": self.arguments or "{}"})
        yield _done(self.place, self.whole)

    def _told(self, kind: str, told: JsonObject) -> JsonObject:
        where = {"item_id": self.identity, "output_index": self.place}
        return {"type": f"response.function_call_arguments.{kind}", **where, **told}


@dataclass(slots=True)
class WholeMedia:
    identity: str
    place: int
    media: MediaPart

    @property
    def whole(self) -> JsonObject:
        return items.encode_media_item(self.identity, self.media)

    def takes(self, _event: AnswerEvent) -> bool:
        return False

    def open(self) -> Iterator[JsonObject]:
        yield _added(self.place, {**self.whole, "status": "in_progress", "result": None})

    def encode(self, _event: AnswerEvent) -> Iterator[JsonObject]:
        yield from ()

    def close(self, _is_cut: bool, /) -> Iterator[JsonObject]:
        yield _done(self.place, self.whole)
