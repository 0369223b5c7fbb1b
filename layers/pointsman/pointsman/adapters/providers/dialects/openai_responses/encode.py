"""A request in the words of OpenAI's Responses. Nothing is stored there: thoughts travel encrypted, with the caller."""

from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call, UpstreamRequest
from pointsman.adapters.providers.dialects.openai_responses.encode_input import encode_input
from pointsman.adapters.providers.dialects.openai_responses.encode_parameters import (
    encode_parameters,
    encode_verbosity,
    wants_logprobs,
)
from pointsman.adapters.providers.dialects.reasoning_wish import effort_of, wish_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ResponseFormat, Tool, ToolChoice

PATH = "/responses"
THINKS = "reasoning"
ENCRYPTED_THOUGHTS = "reasoning.encrypted_content"
LOGPROBS = "message.output_text.logprobs"


def encode(call: Call) -> UpstreamRequest:
    request = call.request
    if request.output_modalities != ("text",):
        raise RequestError(f"{call.card.id} answers in text only", field="modalities")
    optional: dict[str, Any] = {
        **encode_parameters(call),
        "include": _encode_include(call),
        "max_output_tokens": request.max_output_tokens,
        "tools": [_encode_tool(tool) for tool in request.tools] or None,
        "tool_choice": _encode_tool_choice(request.tool_choice) if request.tool_choice else None,
        "parallel_tool_calls": request.parallel_tool_calls,
        "text": {**_encode_format(request.response_format), **encode_verbosity(call)} or None,
        "reasoning": _encode_reasoning(call),
        "stream": request.stream or None,
    }
    body = {**call.spec.body, "model": call.upstream_model, "input": encode_input(call), "store": False}
    return UpstreamRequest(PATH, {**body, **{name: value for name, value in optional.items() if value is not None}})


def _encode_include(call: Call) -> list[str] | None:
    thoughts = [ENCRYPTED_THOUGHTS] if THINKS in call.card.features else []
    return [*thoughts, *([LOGPROBS] if wants_logprobs(call) else [])] or None


def _encode_tool(tool: Tool) -> JsonObject:
    # Here a tool is strict unless it says that it is not.
    function = {"name": tool.name, "parameters": tool.parameters, "strict": bool(tool.strict)}
    return {"type": "function", **function, **({"description": tool.description} if tool.description else {})}


def _encode_tool_choice(choice: ToolChoice) -> Any:
    return {"type": "function", "name": choice.name} if choice.mode == "named" else choice.mode


def _encode_format(wanted: ResponseFormat | None) -> JsonObject:
    if wanted is None or wanted.kind == "text":
        return {}
    if wanted.kind == "json_object":
        return {"format": {"type": "json_object"}}
    optional = {"description": wanted.description, "strict": wanted.strict}
    told = {name: value for name, value in optional.items() if value is not None}
    return {"format": {"type": "json_schema", "name": wanted.name, "schema": wanted.schema, **told}}


def _encode_reasoning(call: Call) -> JsonObject | None:
    wish = wish_of(call)
    if wish is None:
        return None
    effort = effort_of(wish, call.card)
    shown = {} if wish.exclude or effort == "none" else {"summary": "auto"}
    return {"effort": effort, **shown}
