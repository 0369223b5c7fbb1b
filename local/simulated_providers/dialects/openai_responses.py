"""OpenAI's Responses: reads requests and writes errors."""

import json
from collections.abc import Mapping

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.field_reading import child, objects, require, text_of
from local.simulated_providers.dialects.openai_responses_replies import encode, encode_stream, event
from local.simulated_providers.exchange import Ask, Call, Dialect, Refusal, ToolMode, ToolOffer, Turn

_MEDIA = {"input_image": "an image", "input_file": "a file"}
_CHAT_ONLY = ("messages", "max_tokens", "max_completion_tokens", "response_format", "stop", "seed", "n")


def _read_key(headers: Mapping[str, str]) -> str | None:
    return headers.get("authorization", headers.get("api-key", "")).removeprefix("Bearer ") or None


def _read(call: Call) -> Ask:
    body = call.body
    for name in _CHAT_ONLY:
        if name in body:
            raise Refusal(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
    model = require(body, "model", refusal=_missing("model"))
    given = require(body, "input", refusal=_missing("input"))
    tools, mode = _read_tools(body)
    return Ask(
        model=model,
        turns=(Turn("user", given),) if isinstance(given, str) else tuple(_read_item(item) for item in objects(given)),
        tools=tools,
        tool_mode=mode,
        schema=_read_schema(child(body, "text", "format")),
        max_tokens=body.get("max_output_tokens"),
        is_thinking=child(body, "reasoning").get("effort", "none") != "none",
        is_streamed=bool(body.get("stream")),
    )


def _missing(name: str) -> Refusal:
    return Refusal(400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")


def _read_item(item: JsonObject) -> Turn:
    kind = item.get("type", "message")
    if kind == "function_call_output":
        return Turn("tool", "", tool_results=(text_of(item.get("output")),))
    if kind == "function_call":
        return Turn("assistant", json.dumps([item["name"], item["arguments"]]))
    if kind == "reasoning":
        return Turn("assistant", text_of(item.get("summary")))
    media = tuple(_MEDIA[part["type"]] for part in objects(item.get("content")) if part.get("type") in _MEDIA)
    return Turn(str(item.get("role")), text_of(item.get("content")), media)


def _read_tools(body: JsonObject) -> tuple[tuple[ToolOffer, ...], ToolMode]:
    functions = [tool for tool in objects(body.get("tools")) if tool.get("type") == "function"]
    tools = tuple(ToolOffer(function["name"], function.get("parameters") or {}) for function in functions)
    choice = body.get("tool_choice") or "auto"
    if isinstance(choice, str):
        return tools, "required" if choice == "required" else "none" if choice == "none" else "auto"
    return tuple(tool for tool in tools if tool.name == choice["name"]), "required"


def _read_schema(wanted: JsonObject) -> JsonObject | None:
    if wanted.get("type") == "json_schema":
        return require(wanted, "schema", refusal=_missing("text.format.schema"))
    return {} if wanted.get("type") == "json_object" else None


def _encode_refusal(refusal: Refusal) -> JsonObject:
    kind = "server_error" if refusal.status >= 500 else "invalid_request_error"
    return {"error": {"message": refusal.message, "type": kind, "param": refusal.param, "code": refusal.code}}


def _encode_stream_refusal(refusal: Refusal) -> str | bytes:
    return event({"type": "error", **_encode_refusal(refusal)}).text


DIALECT = Dialect(
    name="openai_responses",
    path="/{provider}/{prefix:path}responses",
    read_key=_read_key,
    bad_key=Refusal(401, "Incorrect API key provided.", code="invalid_api_key"),
    unknown_model=lambda model: Refusal(
        400, f"The requested model '{model}' does not exist.", param="model", code="model_not_found"
    ),
    read=_read,
    encode=encode,
    encode_stream=encode_stream,
    encode_refusal=_encode_refusal,
    encode_stream_refusal=_encode_stream_refusal,
)
