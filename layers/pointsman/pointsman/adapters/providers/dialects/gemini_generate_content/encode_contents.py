"""The turns of a conversation in Google's words."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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
from pointsman.domain.request import ChatRequest, MediaPart, Part, TextPart

# Google's own stand-in for the signature of a call that another model made; Gemini 3 refuses calls without any.
UNSIGNED = base64.b64encode(b"skip_thought_signature_validator").decode()


def encode_system(request: ChatRequest) -> JsonObject:
    parts = [_encode_part(part) for placed in system_messages(request) for part in placed.message.parts]
    return {"parts": parts} if parts else {}


def encode_contents(call: Call) -> Sequence[JsonObject]:
    tool_names = _tool_names(call.request)
    # The models before Gemini 3, which are those that think by budget, take unsigned calls.
    needs_signatures = BY_BUDGET not in call.card.features
    return [
        _encode_turn(turn, tool_names=tool_names, needs_signatures=needs_signatures)
        for turn in alternate_turns(call.request)
    ]


def _tool_names(request: ChatRequest) -> Mapping[str, str]:
    """Google wants a result's tool by name, where OpenAI has only the call's id."""
    return {call.id: call.name for message in request.messages for call in message.tool_calls}


def _encode_turn(turn: Turn, *, tool_names: Mapping[str, str], needs_signatures: bool) -> JsonObject:
    parts: list[JsonObject] = []
    for placed in turn.messages:
        if placed.message.role == "tool":
            parts.extend(_encode_tool_result(placed, tool_names))
        else:
            parts.extend(_encode_texts(placed))
            parts.extend(_encode_calls(placed, needs_signatures=needs_signatures))
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


def _encode_tool_result(placed: Placed, tool_names: Mapping[str, str]) -> Iterator[JsonObject]:
    message = placed.message
    call_id = message.tool_call_id or ""
    if call_id not in tool_names:
        raise RequestError(f"no tool call has the id {call_id!r}", field=f"{placed.place}.tool_call_id")
    outcome = {"error" if message.is_error else "result": message.text}
    response = {"id": call_id, "name": tool_names[call_id], "response": outcome}
    yield {"functionResponse": response}
    yield from (_encode_part(part) for part in message.media)


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
