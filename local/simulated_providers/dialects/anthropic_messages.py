"""Anthropic's Messages API: reads requests and writes errors."""

import json
from collections.abc import Mapping

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.anthropic_messages_replies import encode, encode_stream, event
from local.simulated_providers.dialects.field_reading import child, objects, require, text_of, words
from local.simulated_providers.exchange import Ask, Call, Dialect, Refusal, ToolMode, ToolOffer, Turn

_MEDIA = {"image": "an image", "document": "a document"}
_MODES: dict[str, ToolMode] = {"auto": "auto", "none": "none", "any": "required", "tool": "required"}
_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def _read_key(headers: Mapping[str, str]) -> str | None:
    return headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ") or None


def _read(call: Call) -> Ask:
    body = call.body
    if "anthropic-version" not in call.headers:
        raise Refusal(400, "anthropic-version: header is required")
    model = require(body, "model", refusal=_missing("model"))
    messages = objects(require(body, "messages", refusal=_missing("messages")))
    max_tokens = require(body, "max_tokens", refusal=_missing("max_tokens"))
    if messages[0].get("role") != "user":
        raise Refusal(400, "messages: first message must use the user role")
    tools, mode = _read_tools(body)
    is_thinking = _is_thinking(child(body, "thinking"), max_tokens)
    if is_thinking and mode == "required":
        raise Refusal(400, "Thinking may not be enabled when tool_choice forces tool use.")
    system = (Turn("system", text_of(body["system"])),) if body.get("system") else ()
    return Ask(
        model=model,
        turns=system + tuple(_read_turn(message) for message in messages),
        tools=tools,
        tool_mode=mode,
        schema=child(body, "output_config", "format").get("schema"),
        max_tokens=max_tokens,
        stop=words(body.get("stop_sequences")),
        is_thinking=is_thinking,
        is_streamed=bool(body.get("stream")),
        caches_prompt='"cache_control"' in json.dumps(body),
    )


def _missing(name: str) -> Refusal:
    return Refusal(400, f"{name}: Field required", param=name)


def _is_thinking(thinking: JsonObject, max_tokens: int) -> bool:
    if thinking.get("budget_tokens", 0) >= max_tokens:
        raise Refusal(400, "`max_tokens` must be greater than `thinking.budget_tokens`.")
    return thinking.get("type") in ("enabled", "adaptive")


def _read_turn(message: JsonObject) -> Turn:
    blocks = objects(message.get("content"))
    results = tuple(text_of(block.get("content")) for block in blocks if block.get("type") == "tool_result")
    calls = "".join(json.dumps(block.get("input")) for block in blocks if block.get("type") == "tool_use")
    media = tuple(_MEDIA[block["type"]] for block in blocks if block.get("type") in _MEDIA)
    return Turn(str(message.get("role")), text_of(message.get("content")) + calls, media, results)


def _read_tools(body: JsonObject) -> tuple[tuple[ToolOffer, ...], ToolMode]:
    tools = tuple(ToolOffer(tool["name"], tool.get("input_schema") or {}) for tool in objects(body.get("tools")))
    choice = body.get("tool_choice") or {"type": "auto"}
    if choice["type"] == "tool":
        tools = tuple(tool for tool in tools if tool.name == choice["name"])
    return tools, _MODES[choice["type"]]


def _encode_refusal(refusal: Refusal) -> JsonObject:
    kind = _ERROR_TYPES.get(refusal.status, "api_error")
    error = {"type": kind, "message": refusal.message}
    return {"type": "error", "error": error, "request_id": "req_simulated"}


DIALECT = Dialect(
    name="anthropic_messages",
    path="/{provider}/{prefix:path}messages",
    read_key=_read_key,
    bad_key=Refusal(401, "invalid x-api-key"),
    unknown_model=lambda model: Refusal(404, f"model: {model}"),
    read=_read,
    encode=encode,
    encode_stream=encode_stream,
    encode_refusal=_encode_refusal,
    encode_stream_refusal=lambda refusal: event(_encode_refusal(refusal)).text,
)
