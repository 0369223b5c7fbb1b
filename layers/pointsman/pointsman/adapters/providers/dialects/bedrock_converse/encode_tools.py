"""Tools as Bedrock takes them. It has no word for not using them, and wants those that a conversation has used."""

from collections.abc import Mapping, Sequence
from typing import Any

from pointsman.adapters.providers.dialects.bedrock_converse.cache_points import encode_cache_point
from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, Tool, ToolChoice

CHOICES: Mapping[str, JsonObject] = {"auto": {"auto": {}}, "required": {"any": {}}}


def encode_tools(call: Call) -> JsonObject:
    request = call.request
    used = _used_tools(request)
    if request.tool_choice is not None and request.tool_choice.mode == "none":
        if used:
            message = f"{call.spec.display_name} cannot forbid tools in a conversation that has used them"
            raise RequestError(message, field="tool_choice")
        return {}
    tools = request.tools or used
    if not tools:
        return {}
    declared = [
        block for tool in tools for block in (_encode_tool(tool), *encode_cache_point(tool.cache_control, call))
    ]
    return {"tools": declared, **({} if is_one_at_a_time(request) else _encode_choice(request.tool_choice))}


def is_one_at_a_time(request: ChatRequest) -> bool:
    """Parallel calls are forbidden, and some call is possible; then the family's own words tell the choice too."""
    may_call = bool(request.tools) and (request.tool_choice is None or request.tool_choice.mode != "none")
    return may_call and request.parallel_tool_calls is False


def _used_tools(request: ChatRequest) -> Sequence[Tool]:
    """A conversation with calls is refused where no tools are declared, so those are that it used."""
    return [Tool(name) for name in dict.fromkeys(call.name for turn in request.messages for call in turn.tool_calls)]


def _encode_tool(tool: Tool) -> JsonObject:
    optional = {"description": tool.description or None, "strict": tool.strict}
    told = {name: value for name, value in optional.items() if value is not None}
    return {"toolSpec": {"name": tool.name, "inputSchema": {"json": tool.parameters}, **told}}


def _encode_choice(choice: ToolChoice | None) -> JsonObject:
    if choice is None:
        return {}
    encoded: Any = {"tool": {"name": choice.name}} if choice.mode == "named" else CHOICES[choice.mode]
    return {"toolChoice": encoded}
