"""The turns of a conversation in OpenAI's words."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from pointsman.adapters.providers.dialects.call_ids import fit_call_id
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.openai_chat.encode_media import encode_media
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import join_details, text_of_details
from pointsman.domain.request import Message, Part, TextPart, ToolCall


def encode_messages(call: Call) -> Sequence[JsonObject]:
    return [_encode_message(message, call, place=f"messages[{n}]") for n, message in enumerate(call.request.messages)]


def _encode_message(message: Message, call: Call, *, place: str) -> JsonObject:
    spec = call.spec
    encoded: dict[str, Any] = {
        "role": spec.roles.get(message.role, message.role),
        "content": _encode_content(message, call, place=place),
    }
    if message.tool_call_id is not None:
        encoded["tool_call_id"] = _encode_id(message.tool_call_id, spec)
    if message.tool_calls:
        encoded["tool_calls"] = [_encode_tool_call(tool_call, spec) for tool_call in message.tool_calls]
    return {**encoded, **_encode_name(message, spec, place=place), **_encode_thoughts(message, spec)}


def _encode_content(message: Message, call: Call, *, place: str) -> Any:
    parts, thoughts = message.parts, _encode_thinking_part(message, call.spec)
    if not parts and not thoughts and message.tool_calls:
        return None
    if not thoughts and len(parts) == 1 and isinstance(parts[0], TextPart) and not _carries_hint(parts[0], call.spec):
        return parts[0].text
    if message.role == "tool" and message.media and not call.spec.media_in_tool_results:
        raise RequestError(f"{call.spec.display_name} takes only text as a tool's result", field=f"{place}.content")
    encoded = [_encode_part(part, call, field=f"{place}.content[{n}]") for n, part in enumerate(parts)]
    return [*thoughts, *encoded] or ""


def _encode_part(part: Part, call: Call, *, field: str) -> JsonObject:
    if not isinstance(part, TextPart):
        return encode_media(part, call.spec, field=field)
    hint = {"cache_control": part.cache_control} if _carries_hint(part, call.spec) else {}
    return {"type": "text", "text": part.text, **hint}


def _carries_hint(part: TextPart, spec: ProviderSpec) -> bool:
    # A hint changes the bill, never the answer: providers that know no such hint do without it.
    return part.cache_control is not None and spec.cache_hints


def _encode_tool_call(tool_call: ToolCall, spec: ProviderSpec) -> JsonObject:
    function = {"name": tool_call.name, "arguments": tool_call.arguments or "{}"}
    return {"id": _encode_id(tool_call.id, spec), "type": "function", "function": function}


def _encode_id(tool_call_id: str, spec: ProviderSpec) -> str:
    length = spec.tool_call_id_length
    return tool_call_id if length is None else fit_call_id(tool_call_id, _form_of(length), length=length)


@cache
def _form_of(length: int) -> re.Pattern[str]:
    return re.compile(f"[a-zA-Z0-9]{{{length}}}")


def _encode_name(message: Message, spec: ProviderSpec, *, place: str) -> JsonObject:
    # A tool's result is named by its call id already.
    if message.name is None or message.role == "tool":
        return {}
    if not spec.message_names:
        raise RequestError(f"{spec.display_name} takes no names of speakers", field=f"{place}.name")
    return {"name": message.name}


def _encode_thoughts(message: Message, spec: ProviderSpec) -> JsonObject:
    # Where a provider has no field for earlier thoughts, it has no use for them either.
    details = join_details(message.reasoning_details)
    if spec.reasoning_replay == "reasoning_details" and details:
        return {"reasoning_details": list(details)}
    # DeepSeek wants the field on every turn that calls tools, be it empty.
    if spec.reasoning_replay == "reasoning_content" and (details or message.tool_calls):
        return {"reasoning_content": text_of_details(details)}
    if spec.reasoning_replay == "reasoning" and details:
        return {"reasoning": text_of_details(details)}
    return {}


def _encode_thinking_part(message: Message, spec: ProviderSpec) -> Sequence[JsonObject]:
    """Mistral's: thoughts stand before the text, within the content."""
    text = text_of_details(message.reasoning_details) if spec.reasoning_replay == "thinking_part" else ""
    return [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}] if text else []
