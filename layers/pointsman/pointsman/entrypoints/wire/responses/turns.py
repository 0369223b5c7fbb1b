"""The items of a conversation as the domain's messages: what a model said in several items is one turn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart, Message, Part, TextPart, ToolCall
from pointsman.entrypoints.wire.carrier import unpack
from pointsman.entrypoints.wire.media import decode_inline, decode_media
from pointsman.entrypoints.wire.responses.body import (
    CallItem,
    CallOutputItem,
    Content,
    FileContent,
    ImageContent,
    Item,
    MessageItem,
    PictureItem,
    ReasoningItem,
    RefusalContent,
    ResponsesBody,
    TextContent,
)

OPENAI: Final = "openai-responses-v1"


@dataclass(slots=True)
class _Turn:
    """What the model has said since somebody else spoke."""

    parts: list[Part] = field(default_factory=list[Part])
    calls: list[ToolCall] = field(default_factory=list[ToolCall])
    details: list[JsonObject] = field(default_factory=list[JsonObject])
    pictures: list[MediaPart] = field(default_factory=list[MediaPart])

    def show(self) -> list[MediaPart]:
        """The pictures made so far. The user's next words are about them, and models see what users show."""
        shown, self.pictures = self.pictures, []
        return shown

    def take(self) -> Iterator[Message]:
        if self.parts or self.calls or self.details:
            yield Message("assistant", tuple(self.parts), tuple(self.calls), reasoning_details=tuple(self.details))
        self.parts, self.calls, self.details = [], [], []


def decode_items(body: ResponsesBody) -> Iterator[Message]:
    if body.instructions:
        yield Message("system", (TextPart(body.instructions),))
    if isinstance(body.input, str):
        yield _decode_message("user", [*_decode_content(body.input, "input")], "input")
        return
    turn = _Turn()
    for place, item in enumerate(body.input):
        yield from _decode_item(item, turn, f"input[{place}]")
    yield from turn.take()


def _decode_item(item: Item, turn: _Turn, where: str) -> Iterator[Message]:
    if isinstance(item, CallItem):
        turn.calls.append(ToolCall(item.call_id, item.name, item.arguments))
    elif isinstance(item, ReasoningItem):
        turn.details += _decode_reasoning(item, where)
    elif isinstance(item, PictureItem):
        turn.pictures += _decode_picture(item, where)
    elif isinstance(item, MessageItem) and item.role == "assistant":
        turn.parts += _decode_content(item.content, f"{where}.content")
    elif isinstance(item, CallOutputItem):
        yield from turn.take()
        parts = tuple(_decode_content(item.output, f"{where}.output"))
        yield Message("tool", parts, tool_call_id=item.call_id)
    else:
        yield from turn.take()
        shown = turn.show() if item.role == "user" else []
        parts = [*_decode_content(item.content, f"{where}.content"), *shown]
        yield _decode_message(item.role, parts, f"{where}.content")


def _decode_message(role: str, parts: list[Part], where: str) -> Message:
    if role == "user":
        if not parts:
            raise RequestError("A user message needs content.", field=where)
        return Message("user", tuple(parts))
    return Message("developer" if role == "developer" else "system", tuple(parts))


def _decode_picture(item: PictureItem, where: str) -> Iterator[MediaPart]:
    if item.result:
        yield decode_inline("image", item.result, mime=item.mime_type, field=f"{where}.result")
    elif item.url:
        yield decode_media("image", item.url, field=f"{where}.url", default_mime=item.mime_type)


def _decode_reasoning(item: ReasoningItem, where: str) -> list[JsonObject]:
    """Our own state as it went out; OpenAI's as its own; text alone, where there is no more."""
    carried = unpack(item.encrypted_content or "", list, field=f"{where}.encrypted_content")
    if carried is not None:
        return carried
    place = {"format": OPENAI, **({"id": item.id} if item.id else {})}
    details: list[JsonObject] = [
        {"type": "reasoning.summary", "summary": part.text, "index": index, **place}
        for index, part in enumerate(item.summary)
    ]
    details += [{"type": "reasoning.text", "text": part.text, "index": 0, **place} for part in item.content or ()]
    if item.encrypted_content:
        details.append({"type": "reasoning.encrypted", "data": item.encrypted_content, "index": 0, **place})
    return details


def _decode_content(content: str | Iterable[Content], where: str) -> Iterator[Part]:
    if isinstance(content, str):
        yield from ([TextPart(content)] if content else [])
        return
    for index, part in enumerate(content):
        yield _decode_part(part, f"{where}[{index}]")


def _decode_part(part: Content, where: str) -> Part:
    if isinstance(part, TextContent):
        return TextPart(part.text)
    if isinstance(part, RefusalContent):
        return TextPart(part.refusal)
    if isinstance(part, ImageContent):
        media = decode_media("image", part.image_url, field=f"{where}.image_url", default_mime="image/*")
        return media.with_detail(part.detail)
    if isinstance(part, FileContent):
        return _decode_file(part, where)
    sound = part.input_audio
    return decode_inline("audio", sound.data, mime=f"audio/{sound.format}", field=f"{where}.input_audio.data")


def _decode_file(part: FileContent, where: str) -> MediaPart:
    name, url = ("file_data", part.file_data) if part.file_data else ("file_url", part.file_url)
    if not url:
        raise RequestError("Files are not stored here: send 'file_data' or 'file_url'.", field=where)
    pdf = "application/pdf"
    return decode_media("file", url, field=f"{where}.{name}", default_mime=pdf, filename=part.filename)
