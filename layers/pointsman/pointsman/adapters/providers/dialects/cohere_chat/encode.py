"""A request in Cohere's words."""

from collections.abc import Sequence
from typing import Any

from pointsman.adapters.providers.dialects.cohere_chat.encode_messages import encode_messages
from pointsman.adapters.providers.dialects.cohere_chat.encode_parameters import encode_parameters
from pointsman.adapters.providers.dialects.dialect import Call, UpstreamRequest
from pointsman.adapters.providers.dialects.reasoning_wish import budget_of, wish_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, Tool

PATH = "/v2/chat"


def encode(call: Call) -> UpstreamRequest:
    request = call.request
    if request.output_modalities != ("text",):
        raise RequestError(f"{call.spec.display_name} answers in text only", field="modalities")
    optional: dict[str, Any] = {
        **encode_parameters(call),
        "max_tokens": request.max_output_tokens,
        **_encode_tools(call),
        "response_format": _encode_format(call),
        "thinking": _encode_thinking(call),
        "stream": request.stream or None,
    }
    body = {**call.spec.body, "model": call.upstream_model, "messages": encode_messages(call)}
    return UpstreamRequest(PATH, {**body, **{name: value for name, value in optional.items() if value is not None}})


def _encode_tools(call: Call) -> JsonObject:
    request = call.request
    if not request.tools:
        return {}
    if request.parallel_tool_calls is False:
        raise RequestError(f"{call.spec.display_name} cannot forbid parallel calls", field="parallel_tool_calls")
    offered = _offered_tools(request)
    return {
        "tools": [_encode_tool(tool) for tool in offered],
        # Strictness holds for all tools or for none.
        "strict_tools": any(tool.strict for tool in offered) or None,
        "tool_choice": _encode_tool_choice(request),
    }


def _offered_tools(request: ChatRequest) -> Sequence[Tool]:
    """Cohere cannot name the tool to be called, but can be forced to call one of those that it is offered."""
    choice = request.tool_choice
    if choice is None or choice.mode != "named":
        return request.tools
    return [tool for tool in request.tools if tool.name == choice.name]


def _encode_tool(tool: Tool) -> JsonObject:
    described = {"description": tool.description} if tool.description else {}
    return {"type": "function", "function": {"name": tool.name, **described, "parameters": tool.parameters}}


def _encode_tool_choice(request: ChatRequest) -> str | None:
    if request.tool_choice is None or request.tool_choice.mode == "auto":
        return None
    return "NONE" if request.tool_choice.mode == "none" else "REQUIRED"


def _encode_format(call: Call) -> JsonObject | None:
    wanted = call.request.response_format
    if wanted is None or wanted.kind == "text":
        return None
    if call.request.tools:
        raise RequestError(f"{call.spec.display_name} takes no schema beside tools", field="response_format")
    schema = {"json_schema": wanted.schema} if wanted.kind == "json_schema" else {}
    return {"type": "json_object", **schema}


def _encode_thinking(call: Call) -> JsonObject | None:
    wish = wish_of(call)
    if wish is None:
        return None
    budget = budget_of(wish, call.card)
    return {"type": "enabled", "token_budget": budget} if budget else {"type": "disabled"}
