"""The turns of a conversation in Cohere's words."""

from collections.abc import Sequence
from typing import Any

from pointsman.adapters.providers.dialects.cohere_chat.thoughts import plan_of, thought_of
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.openai_chat.encode_media import encode_media
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import Message, Part, TextPart, ToolCall


def encode_messages(call: Call) -> Sequence[JsonObject]:
    return [_encode_message(message, call, place=f"messages[{n}]") for n, message in enumerate(call.request.messages)]


def _encode_message(message: Message, call: Call, *, place: str) -> JsonObject:
    if message.role == "assistant":
        return {"role": "assistant", **_encode_answer(message)}
    if message.role == "tool" and message.media:
        raise RequestError(f"{call.spec.display_name} takes only text as a tool's result", field=f"{place}.content")
    answers = {"tool_call_id": message.tool_call_id} if message.role == "tool" else {}
    role = call.spec.roles.get(message.role, message.role)
    return {"role": role, **answers, "content": _encode_content(message, call, place=place)}


def _encode_answer(message: Message) -> JsonObject:
    thought, plan = thought_of(message), plan_of(message)
    optional: dict[str, Any] = {
        "content": [
            *([{"type": "thinking", "thinking": thought}] if thought else []),
            *([{"type": "text", "text": message.text}] if message.text or not message.tool_calls else []),
        ],
        "tool_plan": plan if message.tool_calls else None,
        "tool_calls": [_encode_tool_call(tool_call) for tool_call in message.tool_calls],
    }
    return {name: value for name, value in optional.items() if value}


def _encode_tool_call(call: ToolCall) -> JsonObject:
    function = {"name": call.name, "arguments": call.arguments or "{}"}
    return {"id": call.id, "type": "function", "function": function}


def _encode_content(message: Message, call: Call, *, place: str) -> Any:
    parts = message.parts
    if all(isinstance(part, TextPart) for part in parts) and len(parts) <= 1:
        return message.text
    return [_encode_part(part, call, field=f"{place}.content[{n}]") for n, part in enumerate(parts)]


def _encode_part(part: Part, call: Call, *, field: str) -> JsonObject:
    return (
        {"type": "text", "text": part.text}
        if isinstance(part, TextPart)
        else encode_media(part, call.spec, field=field)
    )
