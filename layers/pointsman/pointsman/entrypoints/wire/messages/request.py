"""From Anthropic's body to the domain's request. RequestError names the field that cannot be taken."""

from collections.abc import Iterator
from typing import Any

from pointsman.domain.errors import RequestError
from pointsman.domain.preferences import Preferences
from pointsman.domain.request import ChatRequest, Reasoning, ResponseFormat, Tool, ToolChoice
from pointsman.entrypoints.wire.messages.body import (
    AdaptiveThinking,
    BudgetThinking,
    ConversationBody,
    CustomTool,
    MessagesBody,
    OneToolChoice,
    ToolUseBlock,
)
from pointsman.entrypoints.wire.messages.turns import decode_turns
from pointsman.entrypoints.wire.preferences import decode_preferences

# What Anthropic takes for granted where a model may think and no effort is named.
DEFAULT_EFFORT = "high"


def decode_messages_request(body: MessagesBody) -> ChatRequest:
    return decode_conversation(body, parameters=dict(_decode_parameters(body)), max_output_tokens=body.max_tokens)


def decode_conversation(
    body: ConversationBody, *, parameters: dict[str, Any] | None = None, max_output_tokens: int | None = None
) -> ChatRequest:
    choice = body.tool_choice
    one_at_a_time = choice is not None and choice.disable_parallel_tool_use
    return ChatRequest(
        messages=tuple(decode_turns(body)),
        tools=tuple(_decode_tool(tool) for tool in body.tools),
        tool_choice=_decode_tool_choice(body),
        parallel_tool_calls=False if one_at_a_time else None,
        response_format=_decode_format(body),
        max_output_tokens=max_output_tokens,
        reasoning=_decode_reasoning(body),
        parameters=parameters or {},
        stream=body.stream,
        cache_control=body.cache_control,
    )


def _decode_tool(tool: CustomTool) -> Tool:
    return Tool(tool.name, tool.description or "", tool.input_schema, tool.strict, tool.cache_control)


def decode_messages_preferences(body: MessagesBody) -> Preferences:
    reasoning = _decode_reasoning(body)
    tier = "fast" if body.speed == "fast" else None
    return decode_preferences(
        body,
        service_tier=tier,
        reasoning_effort=reasoning.effort if reasoning else None,
        warnings=_hints_left_out(body),
    )


def _hints_left_out(body: ConversationBody) -> Iterator[str]:
    for place, message in enumerate(body.messages):
        for index, block in enumerate(message.content if isinstance(message.content, list) else ()):
            if isinstance(block, ToolUseBlock) and block.cache_control is not None:
                yield f"messages[{place}].content[{index}].cache_control: not known on calls of tools here, ignored"


def _decode_tool_choice(body: ConversationBody) -> ToolChoice | None:
    choice = body.tool_choice
    if choice is None:
        return None
    if isinstance(choice, OneToolChoice):
        if choice.name not in {tool.name for tool in body.tools}:
            raise RequestError(f"'{choice.name}' is not among the tools.", field="tool_choice.name")
        return ToolChoice("named", choice.name)
    if choice.type == "any":
        if not body.tools:
            raise RequestError("tool_choice 'any' needs tools.", field="tool_choice.type")
        return ToolChoice("required")
    return ToolChoice(choice.type)


def _decode_format(body: ConversationBody) -> ResponseFormat | None:
    wanted = body.output_config.format if body.output_config else None
    return None if wanted is None else ResponseFormat("json_schema", schema=wanted.schema_, strict=True)


def _decode_reasoning(body: ConversationBody) -> Reasoning | None:
    thinking, effort = body.thinking, body.output_config.effort if body.output_config else None
    if thinking is None:
        return Reasoning(effort) if effort else None
    if isinstance(thinking, BudgetThinking):
        return Reasoning(effort, thinking.budget_tokens, exclude=thinking.display == "omitted")
    if isinstance(thinking, AdaptiveThinking):
        return Reasoning(effort or DEFAULT_EFFORT, exclude=thinking.display == "omitted")
    return Reasoning("none")


def _decode_parameters(body: MessagesBody) -> Iterator[tuple[str, Any]]:
    """Under the names that the domain knows them by, which are OpenAI's."""
    given = {
        "temperature": body.temperature,
        "top_p": body.top_p,
        "top_k": body.top_k,
        "stop": body.stop_sequences or None,
        "user": body.metadata.user_id if body.metadata else None,
        "service_tier": "default" if body.service_tier == "standard_only" else None,
    }
    yield from ((name, value) for name, value in given.items() if value is not None)
