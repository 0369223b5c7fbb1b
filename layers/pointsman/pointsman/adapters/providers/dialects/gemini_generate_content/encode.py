"""A request in Google's words."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pointsman.adapters.providers.dialects.dialect import Call, UpstreamRequest
from pointsman.adapters.providers.dialects.gemini_generate_content.encode_contents import (
    encode_contents,
    encode_system,
)
from pointsman.adapters.providers.dialects.gemini_generate_content.encode_settings import (
    encode_service_tier,
    encode_settings,
)
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, Tool, ToolChoice, ToolChoiceMode

PATH = "/models/{model}:{method}"
# Without `alt=sse` a stream would come as one JSON array.
METHODS = {False: "generateContent", True: "streamGenerateContent?alt=sse"}
TOOL_CHOICES: Mapping[ToolChoiceMode, str] = {"auto": "AUTO", "none": "NONE", "required": "ANY", "named": "ANY"}


def encode(call: Call) -> UpstreamRequest:
    request = call.request
    if request.parallel_tool_calls is False and request.tools:
        raise RequestError(f"{call.spec.display_name} cannot forbid parallel calls", field="parallel_tool_calls")
    optional: dict[str, Any] = {
        "systemInstruction": encode_system(request),
        "tools": _encode_tools(request),
        "toolConfig": _encode_tool_choice(request.tool_choice),
        "generationConfig": encode_settings(call),
        "serviceTier": encode_service_tier(call),
    }
    body = {
        **call.spec.body,
        "contents": encode_contents(call),
        **{name: value for name, value in optional.items() if value},
    }
    path = PATH.format(
        model=quote(call.upstream_model, safe=""), method=METHODS[request.stream and call.card.kind == "chat"]
    )
    return UpstreamRequest(path=path, body=body)


def _encode_tools(request: ChatRequest) -> list[JsonObject]:
    return [{"functionDeclarations": [_encode_tool(tool) for tool in request.tools]}] if request.tools else []


def _encode_tool(tool: Tool) -> JsonObject:
    # `strict` has no counterpart: Google always holds calls to their schema as best it can.
    return {"name": tool.name, "description": tool.description, "parametersJsonSchema": tool.parameters}


def _encode_tool_choice(choice: ToolChoice | None) -> JsonObject:
    if choice is None:
        return {}
    allowed = {"allowedFunctionNames": [choice.name]} if choice.mode == "named" else {}
    return {"functionCallingConfig": {"mode": TOOL_CHOICES[choice.mode], **allowed}}
