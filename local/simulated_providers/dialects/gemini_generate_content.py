"""Gemini's generateContent: reads requests and writes errors."""

import json
from collections.abc import Mapping
from typing import Any, cast

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.field_reading import child, objects, require, text_of, words
from local.simulated_providers.dialects.gemini_generate_content_replies import encode, encode_stream, event
from local.simulated_providers.exchange import Ask, Call, Dialect, Refusal, ToolMode, ToolOffer, Turn

_MODES: dict[str, ToolMode] = {"AUTO": "auto", "VALIDATED": "auto", "NONE": "none", "ANY": "required"}
_METHODS = {"generateContent": False, "streamGenerateContent": True}
_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def _read_key(headers: Mapping[str, str]) -> str | None:
    return headers.get("x-goog-api-key") or headers.get("authorization", "").removeprefix("Bearer ") or None


def _read(call: Call) -> Ask:
    model, _, method = call.target.partition(":")
    if method not in _METHODS:
        raise Refusal(404, f"The method {method} is not simulated.")
    if _METHODS[method] and call.query.get("alt") != "sse":
        raise Refusal(400, "Only streams asked for with alt=sse are simulated.")
    contents = objects(require(call.body, "contents", refusal=_missing("contents")))
    config = child(call.body, "generationConfig")
    system = child(call.body, "systemInstruction").get("parts")
    tools, mode = _read_tools(call.body)
    return Ask(
        model=model,
        turns=((Turn("system", text_of(system)),) if system else ()) + tuple(_read_turn(turn) for turn in contents),
        tools=tools,
        tool_mode=mode,
        schema=_read_schema(config),
        max_tokens=config.get("maxOutputTokens"),
        stop=words(config.get("stopSequences")),
        is_thinking=_is_thinking(child(config, "thinkingConfig")),
        is_streamed=_METHODS[method],
        choices=config.get("candidateCount") or 1,
    )


def _missing(name: str) -> Refusal:
    return Refusal(400, f"* GenerateContentRequest.{name}: {name} is not specified\n", param=name)


def _is_thinking(config: JsonObject) -> bool:
    return bool(config) and config.get("thinkingBudget") != 0


def _read_turn(turn: JsonObject) -> Turn:
    parts = objects(turn.get("parts"))
    results = tuple(
        json.dumps(part["functionResponse"].get("response")) for part in parts if "functionResponse" in part
    )
    calls = "".join(json.dumps(part["functionCall"]) for part in parts if "functionCall" in part)
    media = [part.get("inlineData") or part.get("fileData") for part in parts]
    kinds = tuple(f"a part of type {found.get('mimeType', 'unknown')}" for found in media if found)
    return Turn(str(turn.get("role", "user")), text_of(turn.get("parts")) + calls, kinds, results)


def _read_tools(body: JsonObject) -> tuple[tuple[ToolOffer, ...], ToolMode]:
    declared = [item for tool in objects(body.get("tools")) for item in objects(tool.get("functionDeclarations"))]
    config = child(body, "toolConfig", "functionCallingConfig")
    allowed = config.get("allowedFunctionNames") or [item["name"] for item in declared]
    tools = tuple(ToolOffer(item["name"], _schema_of(item)) for item in declared if item["name"] in allowed)
    return tools, _MODES[config.get("mode", "AUTO")]


def _schema_of(declaration: JsonObject) -> JsonObject:
    # Google takes either spelling of a name, and its own SDK writes this one both ways.
    schema = declaration.get("parametersJsonSchema") or declaration.get("parameters_json_schema")
    return schema or _as_json_schema(declaration.get("parameters") or {})


def _read_schema(config: JsonObject) -> JsonObject | None:
    if config.get("responseMimeType") != "application/json":
        return None
    return config.get("responseJsonSchema") or _as_json_schema(config.get("responseSchema") or {})


def _as_json_schema(schema: Any) -> Any:
    """OpenAPI's subset names types in capitals."""
    if isinstance(schema, list):
        return [_as_json_schema(item) for item in cast(list[Any], schema)]
    if not isinstance(schema, dict):
        return schema
    return {key: _lower_type(key, value) for key, value in cast(dict[str, Any], schema).items()}


def _lower_type(key: str, value: Any) -> Any:
    return value.lower() if key == "type" and isinstance(value, str) else _as_json_schema(value)


def _encode_refusal(refusal: Refusal) -> JsonObject:
    name = _STATUS_NAMES.get(refusal.status, "INTERNAL")
    error: dict[str, Any] = {"code": refusal.status, "message": refusal.message, "status": name}
    if refusal.code:
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": refusal.code, "domain": "googleapis.com"}
        error["details"] = [info]
    return {"error": error}


DIALECT = Dialect(
    name="gemini_generate_content",
    path="/{provider}/{prefix:path}models/{target}",
    read_key=_read_key,
    bad_key=Refusal(400, "API key not valid. Please pass a valid API key.", code="API_KEY_INVALID"),
    unknown_model=lambda model: Refusal(
        404, f"models/{model} is not found for API version v1beta, or is not supported for generateContent."
    ),
    read=_read,
    encode=encode,
    encode_stream=encode_stream,
    encode_refusal=_encode_refusal,
    encode_stream_refusal=lambda refusal: event(_encode_refusal(refusal)).text,
)
