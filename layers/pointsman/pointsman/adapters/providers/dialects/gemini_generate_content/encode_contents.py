"""The turns of a conversation in Google's words."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.gemini_generate_content.thought_signatures import (
    signature_of_text,
    signatures_of_calls,
)
from pointsman.adapters.providers.dialects.reasoning_wish import BY_BUDGET
from pointsman.adapters.providers.dialects.tool_arguments import arguments_object
from pointsman.adapters.providers.dialects.turns import Placed, Turn, alternate_turns, system_messages
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, MediaPart, Message, Part, TextPart

# Google's own stand-in for the signature of a call that another model made; Gemini 3 refuses calls without any.
UNSIGNED = base64.b64encode(b"skip_thought_signature_validator").decode()
# What a tool's result may hold from Gemini 3 on.
RESULT_TYPES = frozenset(("image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"))


def encode_system(request: ChatRequest) -> JsonObject:
    parts = [_encode_part(part) for placed in system_messages(request) for part in placed.message.parts]
    return {"parts": parts} if parts else {}


def encode_contents(call: Call) -> Sequence[JsonObject]:
    writing = _Writing(_tool_names(call.request), is_gemini_3=BY_BUDGET not in call.card.features)
    return [_encode_turn(turn, writing) for turn in alternate_turns(call.request)]


@dataclass(frozen=True, slots=True)
class _Writing:
    """`tool_names` has the tools' names by the ids of their calls.

    The models before Gemini 3, which are those that think by budget, take unsigned calls, and in results text alone.
    """

    tool_names: Mapping[str, str]
    is_gemini_3: bool


def _tool_names(request: ChatRequest) -> Mapping[str, str]:
    """Google wants a result's tool by name, where OpenAI has only the call's id."""
    return {call.id: call.name for message in request.messages for call in message.tool_calls}


def _encode_turn(turn: Turn, writing: _Writing) -> JsonObject:
    parts: list[JsonObject] = []
    for placed in turn.messages:
        if placed.message.role == "tool":
            parts.extend(_encode_tool_result(placed, writing))
        else:
            parts.extend(_encode_texts(placed))
            parts.extend(_encode_calls(placed, needs_signatures=writing.is_gemini_3))
    if not parts:
        raise RequestError("this message is empty", field=f"{turn.messages[0].place}.content")
    return {"role": turn.side, "parts": parts}


def _encode_texts(placed: Placed) -> list[JsonObject]:
    parts = [_encode_part(part) for part in placed.message.parts if not _is_empty(part)]
    signature = signature_of_text(placed.message)
    if signature is None:
        return parts
    *before, last = parts or [{"text": ""}]
    return [*before, {**last, "thoughtSignature": signature}]


def _encode_calls(placed: Placed, *, needs_signatures: bool) -> Iterator[JsonObject]:
    calls = placed.message.tool_calls
    signatures = signatures_of_calls(placed.message)
    if calls and needs_signatures and not signatures:
        # Only the first call of a step has to be signed.
        signatures = {calls[0].id: UNSIGNED}
    for number, call in enumerate(calls):
        arguments = arguments_object(call, field=f"{placed.place}.tool_calls[{number}].function.arguments")
        signed = {"thoughtSignature": signatures[call.id]} if call.id in signatures else {}
        yield {"functionCall": {"id": call.id, "name": call.name, "args": arguments}, **signed}


def _encode_tool_result(placed: Placed, writing: _Writing) -> Iterator[JsonObject]:
    message = placed.message
    call_id = message.tool_call_id or ""
    if call_id not in writing.tool_names:
        raise RequestError(f"no tool call has the id {call_id!r}", field=f"{placed.place}.tool_call_id")
    inside, beside = _share_media(message, writing)
    response = {"id": call_id, "name": writing.tool_names[call_id], "response": _encode_outcome(message)}
    yield {"functionResponse": {**response, **({"parts": inside} if inside else {})}}
    yield from beside


def _encode_outcome(message: Message) -> JsonObject:
    """Google takes an object: one that a tool has written goes as it is, other text under a name."""
    try:
        written: Any = json.loads(message.text)
    except (ValueError, RecursionError):
        written = None
    if isinstance(written, dict) and not message.is_error:
        return cast(JsonObject, written)
    return {"error" if message.is_error else "result": message.text}


def _share_media(message: Message, writing: _Writing) -> tuple[list[JsonObject], list[JsonObject]]:
    """What of a result's media goes inside it, and what has to go beside it."""
    inside = [part for part in message.media if writing.is_gemini_3 and part.mime_type in RESULT_TYPES]
    beside = [part for part in message.media if part not in inside]
    return [_encode_part(part) for part in inside], [_encode_part(part) for part in beside]


def _is_empty(part: Part) -> bool:
    return isinstance(part, TextPart) and not part.text


def _encode_part(part: Part) -> JsonObject:
    return {"text": part.text} if isinstance(part, TextPart) else _encode_media(part)


def _encode_media(part: MediaPart) -> JsonObject:
    if part.base64_data is not None:
        return {"inlineData": {"mimeType": part.mime_type, "data": part.base64_data}}
    # Google finds out by itself what a URL leads to, where nobody has said.
    known: dict[str, Any] = {} if part.mime_type.endswith("/*") or not part.mime_type else {"mimeType": part.mime_type}
    return {"fileData": {"fileUri": part.url, **known}}
