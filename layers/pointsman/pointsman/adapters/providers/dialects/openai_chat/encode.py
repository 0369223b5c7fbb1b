"""A request in OpenAI's words, with the renames of the provider's row."""

from collections.abc import Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call, UpstreamRequest
from pointsman.adapters.providers.dialects.openai_chat.encode_messages import encode_messages
from pointsman.adapters.providers.dialects.reasoning_wish import effort_of, wish_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.request import ResponseFormat, Tool, ToolChoice

PATH = "/chat/completions"


def encode(call: Call) -> UpstreamRequest:
    return UpstreamRequest(path=PATH, body=_encode_body(call))


def _encode_body(call: Call) -> JsonObject:
    request, spec = call.request, call.spec
    return {
        **spec.body,
        "model": call.upstream_model,
        "messages": encode_messages(call),
        **_encode_settings(call),
        **({"tools": [_encode_tool(tool) for tool in request.tools]} if request.tools else {}),
        **_encode_reasoning(call),
        **({"stream": True, **spec.stream_body} if request.stream else {}),
    }


def _encode_settings(call: Call) -> JsonObject:
    request = call.request
    parameters = parameters_to_send(request, call.card)
    settings: Mapping[str, Any] = {
        **parameters,
        "max_completion_tokens": request.max_output_tokens,
        "tool_choice": _encode_tool_choice(request.tool_choice) if request.tool_choice else None,
        "parallel_tool_calls": request.parallel_tool_calls,
        "response_format": _encode_response_format(request.response_format) if request.response_format else None,
        "cache_control": request.cache_control if call.spec.cache_hints else None,
        "modalities": None if request.output_modalities == ("text",) else list(request.output_modalities),
    }
    return {call.spec.renames.get(name, name): value for name, value in settings.items() if value is not None}


def _encode_tool(tool: Tool) -> JsonObject:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function if tool.strict is None else {**function, "strict": tool.strict}}


def _encode_tool_choice(choice: ToolChoice) -> Any:
    return {"type": "function", "function": {"name": choice.name}} if choice.mode == "named" else choice.mode


def _encode_response_format(wanted: ResponseFormat) -> JsonObject:
    if wanted.kind != "json_schema":
        return {"type": wanted.kind}
    optional = {"description": wanted.description, "strict": wanted.strict}
    told = {name: value for name, value in optional.items() if value is not None}
    return {"type": "json_schema", "json_schema": {"name": wanted.name, "schema": wanted.schema, **told}}


def _encode_reasoning(call: Call) -> JsonObject:
    wish, form = wish_of(call), call.spec.reasoning
    if wish is None:
        return {}
    if form == "none":
        raise RequestError(f"{call.spec.display_name} takes no wish for reasoning", field="reasoning")
    if form == "reasoning_effort":
        return {"reasoning_effort": effort_of(wish, call.card)}
    told = {"effort": wish.effort, "max_tokens": wish.max_tokens, "exclude": wish.exclude or None}
    return {"reasoning": {name: value for name, value in told.items() if value is not None}}
