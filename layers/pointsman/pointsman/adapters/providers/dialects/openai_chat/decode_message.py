"""What a message or a delta of OpenAI's form holds, save its tool calls."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import (
    AnnotationAdded,
    MediaProduced,
    ReasoningDelta,
    RefusalDelta,
    ReplyEvent,
    TextDelta,
)
from pointsman.domain.request import MediaPart


def decode_message(message: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    yield from _decode_thoughts(message, choice)
    yield from _decode_content(message.get("content"), choice)
    refusal = as_text(message.get("refusal"), "refusal")
    if refusal:
        yield RefusalDelta(refusal, choice)
    yield from _decode_images(message, choice)
    yield from _decode_audio(message, choice)
    for annotation in as_objects(message.get("annotations"), "annotations"):
        yield AnnotationAdded(annotation, choice)


def _decode_thoughts(message: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    # `reasoning_content` is the name that DeepSeek, Z.ai and older vLLM give it.
    text = as_text(message.get("reasoning") or message.get("reasoning_content"), "reasoning")
    details = as_objects(message.get("reasoning_details"), "reasoning_details")
    if text and not details:
        details = [{"type": "reasoning.text", "text": text, "format": "unknown", "index": 0}]
    if len(details) == 1:
        yield ReasoningDelta(text, details[0], choice)
        return
    if text:
        yield ReasoningDelta(text, choice=choice)
    for detail in details:
        yield ReasoningDelta(detail=detail, choice=choice)


def _decode_content(content: Any, choice: int) -> Iterator[ReplyEvent]:
    if isinstance(content, list):
        for part in as_objects(cast(list[Any], content), "content"):
            yield from _decode_part(part, choice)
        return
    text = as_text(content, "content")
    if text:
        yield TextDelta(text, choice)


def _decode_part(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    kind = as_text(part.get("type"), "type")
    if kind not in _PART_DECODERS:
        raise MalformedReplyError(f"unknown content part {kind!r}")
    yield from _PART_DECODERS[kind](part, choice)


def _decode_text(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    yield TextDelta(as_text(part.get("text"), "text"), choice)


def _decode_thinking(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    """Mistral's thoughts: a list of texts inside a part; the last piece of a stream may be empty."""
    texts = as_objects(part.get("thinking"), "thinking")
    text = "".join(as_text(piece.get("text"), "text") for piece in texts)
    if text:
        detail = {"type": "reasoning.text", "text": text, "format": "unknown", "index": 0}
        yield ReasoningDelta(text, detail, choice)


def _decode_reference(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    """Mistral's pointers to what its caller or its tools gave it to read."""
    yield AnnotationAdded({"type": "reference", "reference": {"reference_ids": part.get("reference_ids")}}, choice)


def _decode_refusal(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    yield RefusalDelta(as_text(part.get("refusal"), "refusal"), choice)


_PART_DECODERS: Mapping[str, Callable[[JsonObject, int], Iterator[ReplyEvent]]] = {
    "text": _decode_text,
    "thinking": _decode_thinking,
    "reference": _decode_reference,
    "refusal": _decode_refusal,
}


def _decode_images(message: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    for image in as_objects(message.get("images"), "images"):
        url = as_text(as_object(image.get("image_url"), "image_url").get("url"), "url")
        yield MediaProduced(_media_of_url(url), choice)


def _media_of_url(url: str) -> MediaPart:
    head, _, data = url.partition(";base64,")
    if not data:
        return MediaPart("image", "image/*", url=url)
    return MediaPart("image", head.removeprefix("data:"), base64_data=data)


def _decode_audio(message: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    """The reply does not say in which format its sound is: it is the one that was asked for."""
    audio = as_object(message.get("audio"), "audio")
    transcript, data = as_text(audio.get("transcript"), "transcript"), as_text(audio.get("data"), "data")
    if transcript:
        yield TextDelta(transcript, choice)
    if data:
        yield MediaProduced(MediaPart("audio", "audio/*", base64_data=data), choice)
