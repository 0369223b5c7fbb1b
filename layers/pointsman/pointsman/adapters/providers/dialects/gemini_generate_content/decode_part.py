"""The parts of Gemini's answers."""

import json
from collections.abc import Callable, Iterator, Mapping

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.gemini_generate_content.thought_signatures import (
    THOUGHT_FORMAT,
    as_detail,
)
from pointsman.adapters.providers.dialects.json_reading import as_object, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import MediaProduced, ReasoningDelta, ReplyEvent, TextDelta, ToolCallDelta
from pointsman.domain.request import MediaPart, Modality

# Steps that Google took by itself on the way; the text beside them tells what came of it.
SERVER_PARTS = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")
# Notes on a part, which may stand alone in a stream.
SILENT_FIELDS = frozenset(("thought", "thoughtSignature", "partMetadata", "videoMetadata", "mediaResolution"))
KIND_OF_TYPE: Mapping[str, Modality] = {"image": "image", "audio": "audio", "video": "video"}


def decode_part(part: JsonObject, *, choice: int, tool_calls: int, reply_id: str) -> Iterator[ReplyEvent]:
    """`tool_calls` is the number of calls before this part; `reply_id` makes ids for calls that have none."""
    call_id = None
    if "functionCall" in part:
        call = _decode_call(part, choice=choice, index=tool_calls, reply_id=reply_id)
        call_id = call.id
        yield call
    else:
        yield from _decode_content(part, choice)
    signature = as_text(part.get("thoughtSignature"), "thoughtSignature")
    if signature:
        yield ReasoningDelta(detail=as_detail(signature, call_id=call_id, index=tool_calls + 1), choice=choice)


def _decode_call(part: JsonObject, *, choice: int, index: int, reply_id: str) -> ToolCallDelta:
    call = as_object(part.get("functionCall"), "functionCall")
    if "partialArgs" in call or "willContinue" in call:
        raise MalformedReplyError("functionCall comes in pieces, which was not asked for")
    arguments = json.dumps(as_object(call.get("args"), "args"), ensure_ascii=False)
    call_id = as_text(call.get("id"), "id") or f"call_{reply_id}_{index}"
    return ToolCallDelta(index, call_id, as_text(call.get("name"), "name"), arguments, choice)


def _decode_content(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    known = next((name for name in _DECODERS if name in part), None)
    if known:
        yield from _DECODERS[known](part, choice)
    elif part.keys() - SILENT_FIELDS and not any(name in part for name in SERVER_PARTS):
        raise MalformedReplyError(f"unknown part with {', '.join(sorted(part)) or 'nothing'}")


def _decode_text(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    text = as_text(part.get("text"), "text")
    if text and part.get("thought"):
        detail = {"type": "reasoning.text", "text": text, "format": THOUGHT_FORMAT, "index": 0}
        yield ReasoningDelta(text, detail, choice)
    elif text:
        yield TextDelta(text, choice)


def _decode_media(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    # Sketches on the way to the picture are thoughts, which have no place for pictures.
    if part.get("thought"):
        return
    data = as_object(part.get("inlineData"), "inlineData")
    mime_type, kind = _kind_of(data)
    yield MediaProduced(MediaPart(kind, mime_type, base64_data=as_text(data.get("data"), "data")), choice)


def _decode_linked_media(part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
    data = as_object(part.get("fileData"), "fileData")
    mime_type, kind = _kind_of(data)
    yield MediaProduced(MediaPart(kind, mime_type, url=as_text(data.get("fileUri"), "fileUri")), choice)


def _kind_of(data: JsonObject) -> tuple[str, Modality]:
    mime_type = as_text(data.get("mimeType"), "mimeType")
    return mime_type, KIND_OF_TYPE.get(mime_type.partition("/")[0], "file")


_DECODERS: Mapping[str, Callable[[JsonObject, int], Iterator[ReplyEvent]]] = {
    "text": _decode_text,
    "inlineData": _decode_media,
    "fileData": _decode_linked_media,
}
