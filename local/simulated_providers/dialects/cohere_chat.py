"""Cohere's chat, version 2: reads requests and writes errors."""

import json
from collections.abc import Mapping

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.cohere_chat_replies import encode, encode_stream, event
from local.simulated_providers.dialects.field_reading import child, objects, require, text_of, words
from local.simulated_providers.exchange import Ask, Call, Dialect, Refusal, ToolMode, ToolOffer, Turn

_MODES: dict[str | None, ToolMode] = {None: "auto", "NONE": "none", "REQUIRED": "required"}
_UNKNOWN = ("developer", "max_completion_tokens", "top_p", "stop", "n")


def _read_key(headers: Mapping[str, str]) -> str | None:
    return headers.get("authorization", "").removeprefix("Bearer ") or None


def _read(call: Call) -> Ask:
    body = call.body
    messages = objects(require(body, "messages", refusal=_missing("messages")))
    _refuse_unknown(body, messages)
    tools = tuple(_read_tool(tool) for tool in objects(body.get("tools")))
    wanted = child(body, "response_format")
    if tools and wanted:
        raise Refusal(400, "response_format is not supported with tools")
    return Ask(
        model=require(body, "model", refusal=_missing("model")),
        turns=tuple(_read_turn(message) for message in messages),
        tools=tools,
        tool_mode=_MODES[body.get("tool_choice")],
        schema=wanted.get("json_schema", {}) if wanted.get("type") == "json_object" else None,
        max_tokens=body.get("max_tokens"),
        stop=words(body.get("stop_sequences")),
        is_thinking=child(body, "thinking").get("type") == "enabled",
        is_streamed=bool(body.get("stream")),
    )


def _missing(name: str) -> Refusal:
    return Refusal(400, f"invalid request: {name} is required")


def _refuse_unknown(body: JsonObject, messages: tuple[JsonObject, ...]) -> None:
    for name in (*body, *(message.get("role") for message in messages)):
        if name in _UNKNOWN:
            raise Refusal(422, f"unknown field: {name}")


def _read_tool(tool: JsonObject) -> ToolOffer:
    return ToolOffer(tool["function"]["name"], tool["function"].get("parameters") or {})


def _read_turn(message: JsonObject) -> Turn:
    text = text_of(message.get("content")) + str(message.get("tool_plan", ""))
    calls = "".join(json.dumps(call["function"]) for call in objects(message.get("tool_calls")))
    is_result = message.get("role") == "tool"
    media = tuple("an image" for part in objects(message.get("content")) if part.get("type") == "image_url")
    return Turn(str(message.get("role")), "" if is_result else text + calls, media, (text,) if is_result else ())


def _encode_refusal(refusal: Refusal) -> JsonObject:
    return {"id": "simulated", "message": refusal.message, **({"error_type": refusal.code} if refusal.code else {})}


def _encode_stream_refusal(refusal: Refusal) -> str | bytes:
    delta = {"finish_reason": "ERROR", "error": refusal.message}
    return event({"type": "message-end", "delta": delta}).text


DIALECT = Dialect(
    name="cohere_chat",
    path="/{provider}/{prefix:path}v2/chat",
    read_key=_read_key,
    bad_key=Refusal(401, "invalid api token"),
    unknown_model=lambda model: Refusal(404, f"model '{model}' not found"),
    read=_read,
    encode=encode,
    encode_stream=encode_stream,
    encode_refusal=_encode_refusal,
    encode_stream_refusal=_encode_stream_refusal,
)
