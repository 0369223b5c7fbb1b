"""The turns of a conversation in Anthropic's words."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pointsman.adapters.providers.dialects.anthropic_messages.encode_media import encode_cache_hint, encode_media
from pointsman.adapters.providers.dialects.call_ids import fit_call_id
from pointsman.adapters.providers.dialects.tool_arguments import arguments_object
from pointsman.adapters.providers.dialects.turns import Placed, Turn, alternate_turns, system_messages
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import join_details
from pointsman.domain.request import ChatRequest, Message, TextPart

ROLES = {"user": "user", "model": "assistant"}
THOUGHT_FORMAT = "anthropic-claude-v1"
ID_FORM = re.compile(r"[a-zA-Z0-9_-]+")


def encode_system(request: ChatRequest) -> Sequence[JsonObject]:
    return [block for placed in system_messages(request) for block in _encode_parts(placed)]


def encode_messages(request: ChatRequest) -> Sequence[JsonObject]:
    return [_encode_turn(turn) for turn in alternate_turns(request)]


def _encode_turn(turn: Turn) -> JsonObject:
    blocks = [block for placed in turn.messages for block in _encode_message(placed)]
    if not blocks:
        raise RequestError("this message is empty", field=f"{turn.messages[0].place}.content")
    return {"role": ROLES[turn.side], "content": blocks}


def _encode_message(placed: Placed) -> Iterator[JsonObject]:
    message = placed.message
    if message.role == "tool":
        yield _encode_tool_result(placed)
        return
    yield from _encode_thoughts(message)
    yield from _encode_parts(placed)
    for number, call in enumerate(message.tool_calls):
        arguments = arguments_object(call, field=f"{placed.place}.tool_calls[{number}].function.arguments")
        yield {"type": "tool_use", "id": _fit_id(call.id), "name": call.name, "input": arguments}


def _encode_parts(placed: Placed) -> Iterator[JsonObject]:
    for number, part in enumerate(placed.message.parts):
        if not isinstance(part, TextPart):
            yield encode_media(part, field=f"{placed.place}.content[{number}]")
        # Empty blocks are refused, and say nothing.
        elif part.text:
            yield _encode_text(part)


def _encode_text(part: TextPart) -> JsonObject:
    return {"type": "text", "text": part.text, **encode_cache_hint(part.cache_control)}


def _encode_tool_result(placed: Placed) -> JsonObject:
    message = placed.message
    optional: dict[str, Any] = {"content": list(_encode_parts(placed)), "is_error": message.is_error}
    return {
        "type": "tool_result",
        "tool_use_id": _fit_id(message.tool_call_id or ""),
        **{name: value for name, value in optional.items() if value},
        **encode_cache_hint(message.cache_control),
    }


def _encode_thoughts(message: Message) -> Iterator[JsonObject]:
    """Only Claude's own thoughts: those of others carry no signature that Anthropic would take."""
    for detail in join_details(message.reasoning_details):
        if detail.get("format") != THOUGHT_FORMAT:
            continue
        if detail.get("type") == "reasoning.encrypted":
            yield {"type": "redacted_thinking", "data": detail.get("data")}
        elif detail.get("signature"):
            yield {"type": "thinking", "thinking": detail.get("text") or "", "signature": detail["signature"]}


def _fit_id(call_id: str) -> str:
    return fit_call_id(call_id, ID_FORM, length=32)
