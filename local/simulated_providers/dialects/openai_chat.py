"""OpenAI's chat completions, as OpenAI and the providers compatible with it speak them."""

import json
import re
from collections.abc import Mapping

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.field_reading import child, objects, require, text_of, words
from local.simulated_providers.dialects.openai_chat_replies import encode, encode_stream, event
from local.simulated_providers.dialects.openai_variations import variation_of
from local.simulated_providers.exchange import Ask, Call, Dialect, Refusal, ToolMode, ToolOffer, Turn

_MEDIA = {"image_url": "an image", "input_audio": "a sound", "file": "a file", "video_url": "a video"}
_ERROR_TYPES = {429: "tokens", 402: "insufficient_quota"}


def _read_key(headers: Mapping[str, str]) -> str | None:
    return headers.get("authorization", headers.get("api-key", "")).removeprefix("Bearer ") or None


def _read(call: Call) -> Ask:
    body = call.body
    model = require(body, "model", refusal=Refusal(400, "you must provide a model parameter"))
    messages = objects(require(body, "messages", refusal=_missing("messages")))
    _refuse_unsupported(call.provider, model, body)
    tools, mode = _read_tools(body)
    return Ask(
        model=model,
        turns=tuple(_read_turn(message) for message in messages),
        tools=tools,
        tool_mode=mode,
        schema=_read_schema(child(body, "response_format")),
        max_tokens=body.get("max_completion_tokens", body.get("max_tokens")),
        stop=words(body.get("stop")),
        is_thinking=_is_thinking(body),
        is_streamed=bool(body.get("stream")),
        choices=body.get("n") or 1,
    )


def _is_thinking(body: JsonObject) -> bool:
    """By OpenAI's word, OpenRouter's, or that of several Chinese providers."""
    has_effort = body.get("reasoning_effort", "none") != "none"
    return has_effort or bool(body.get("reasoning")) or child(body, "thinking").get("type") == "enabled"


def _missing(name: str) -> Refusal:
    return Refusal(400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")


def _refuse_unsupported(provider: str, model: str, body: JsonObject) -> None:
    variation = variation_of(provider)
    refused = variation.refused_fields & body.keys()
    if provider == "openai" and "max_tokens" in body and re.match(r"gpt-[5-9]|o\d", model):
        refused |= {"max_tokens"}
    for name in sorted(refused):
        message = f"Unsupported parameter: '{name}' is not supported with this model."
        raise Refusal(variation.refused_status, message, param=name, code="unsupported_parameter")


def _read_turn(message: JsonObject) -> Turn:
    parts = objects(message.get("content"))
    text = text_of(message.get("content")) + "".join(
        json.dumps(call["function"]) for call in objects(message.get("tool_calls"))
    )
    is_result = message.get("role") == "tool"
    media = tuple(_MEDIA[part["type"]] for part in parts if part.get("type") in _MEDIA)
    return Turn(str(message.get("role")), "" if is_result else text, media, (text,) if is_result else ())


def _read_tools(body: JsonObject) -> tuple[tuple[ToolOffer, ...], ToolMode]:
    functions = [tool["function"] for tool in objects(body.get("tools")) if tool.get("type") == "function"]
    tools = tuple(ToolOffer(function["name"], function.get("parameters") or {}) for function in functions)
    choice = body.get("tool_choice") or "auto"
    if isinstance(choice, str):
        return tools, "required" if choice in ("required", "any") else "none" if choice == "none" else "auto"
    return tuple(tool for tool in tools if tool.name == choice["function"]["name"]), "required"


def _read_schema(response_format: JsonObject) -> JsonObject | None:
    if response_format.get("type") == "json_schema":
        return require(
            child(response_format, "json_schema"), "schema", refusal=_missing("response_format.json_schema.schema")
        )
    return {} if response_format.get("type") == "json_object" else None


def _encode_refusal(refusal: Refusal) -> JsonObject:
    kind = _ERROR_TYPES.get(refusal.status, "server_error" if refusal.status >= 500 else "invalid_request_error")
    return {"error": {"message": refusal.message, "type": kind, "param": refusal.param, "code": refusal.code}}


DIALECT = Dialect(
    name="openai_chat",
    path="/{provider}/{prefix:path}chat/completions",
    read_key=_read_key,
    bad_key=Refusal(401, "Incorrect API key provided.", code="invalid_api_key"),
    unknown_model=lambda model: Refusal(
        404, f"The model `{model}` does not exist or you do not have access to it.", code="model_not_found"
    ),
    read=_read,
    encode=encode,
    encode_stream=encode_stream,
    encode_refusal=_encode_refusal,
    encode_stream_refusal=lambda refusal: event(_encode_refusal(refusal)).text,
)
