"""A request in Anthropic's words."""

from typing import Any

from pointsman.adapters.providers.dialects.anthropic_messages.encode_media import encode_cache_hint
from pointsman.adapters.providers.dialects.anthropic_messages.encode_messages import encode_messages, encode_system
from pointsman.adapters.providers.dialects.anthropic_messages.encode_parameters import encode_parameters
from pointsman.adapters.providers.dialects.anthropic_messages.encode_thinking import encode_effort, encode_thinking
from pointsman.adapters.providers.dialects.dialect import Call, UpstreamRequest
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, ResponseFormat, Tool, ToolChoice

PATH = "/messages"
TOOL_CHOICES = {"auto": "auto", "none": "none", "required": "any", "named": "tool"}


def encode(call: Call) -> UpstreamRequest:
    request, thinking = call.request, encode_thinking(call, _max_tokens(call))
    _refuse_force_while_thinking(request, thinking)
    if request.output_modalities != ("text",):
        raise RequestError(f"{call.spec.display_name} answers in text only", field="modalities")
    optional: dict[str, Any] = {
        "system": encode_system(request),
        "tools": [_encode_tool(tool) for tool in request.tools],
        "tool_choice": _encode_tool_choice(request),
        "output_config": {**encode_effort(call), **_encode_format(request.response_format)},
        "stream": request.stream,
    }
    body = {
        **call.spec.body,
        "model": call.upstream_model,
        "max_tokens": _max_tokens(call),
        "messages": encode_messages(request),
        **encode_parameters(call),
        **thinking,
        **encode_cache_hint(request.cache_control),
        **{name: value for name, value in optional.items() if value},
    }
    return UpstreamRequest(path=PATH, body=body)


def _refuse_force_while_thinking(request: ChatRequest, thinking: JsonObject) -> None:
    """Claude answers 400 to both at once where it thinks by a budget; another model may take over."""
    by_budget = thinking.get("thinking", {}).get("type") == "enabled"
    if by_budget and request.tool_choice is not None and request.tool_choice.mode in ("required", "named"):
        raise RequestError("this model cannot be made to call a tool while it thinks", field="tool_choice")


def _max_tokens(call: Call) -> int:
    """Anthropic demands a limit; without a wish of the caller's it is all that the model can write."""
    limit = call.request.max_output_tokens or call.card.max_output_tokens
    if not limit:
        raise RequestError(f"{call.card.id} needs a limit of tokens", field="max_completion_tokens")
    return limit


def _encode_tool(tool: Tool) -> JsonObject:
    optional = {"description": tool.description or None, "strict": tool.strict}
    told = {name: value for name, value in optional.items() if value is not None}
    return {"name": tool.name, "input_schema": tool.parameters, **told, **encode_cache_hint(tool.cache_control)}


def _encode_tool_choice(request: ChatRequest) -> JsonObject:
    one_at_a_time = request.parallel_tool_calls is False
    if not request.tools or (request.tool_choice is None and not one_at_a_time):
        return {}
    choice = request.tool_choice or ToolChoice("auto")
    encoded: dict[str, Any] = {"type": TOOL_CHOICES[choice.mode]}
    if choice.name is not None:
        encoded["name"] = choice.name
    if one_at_a_time and choice.mode != "none":
        encoded["disable_parallel_tool_use"] = True
    return encoded


def _encode_format(wanted: ResponseFormat | None) -> JsonObject:
    if wanted is None or wanted.kind == "text":
        return {}
    if wanted.kind == "json_object":
        raise RequestError("this model takes JSON only by a schema", field="response_format.type")
    return {"format": {"type": "json_schema", "schema": wanted.schema}}
