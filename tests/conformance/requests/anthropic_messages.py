"""Recorded requests to Anthropic, read as the request that Pointsman would have got for them."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.request import (
    ChatRequest,
    MediaPart,
    Message,
    Part,
    Reasoning,
    ResponseFormat,
    TextPart,
    Tool,
    ToolCall,
    ToolChoice,
    ToolChoiceMode,
)

from tests.conformance.cards import card_with
from tests.conformance.requests.taking import NoEquivalentError, ReadRequest, apart, enter, enter_all, take

TOOL_CHOICES: dict[str, ToolChoiceMode] = {"auto": "auto", "none": "none", "any": "required", "tool": "named"}
TIERS = {"auto": "auto", "standard_only": "default"}
PARAMETERS = ("temperature", "top_p", "top_k")
THOUGHT = "anthropic-claude-v1"


def read(body: Any, spec: ProviderSpec) -> ReadRequest:
    told = apart(body)
    thinking, output = enter(told, "thinking"), enter(told, "output_config")
    by_budget = thinking.get("type") == "enabled"
    choice = enter(told, "tool_choice")
    one_at_a_time: bool | None = take(choice, "disable_parallel_tool_use")
    request = ChatRequest(
        messages=(*_read_system(told), *(m for turn in enter_all(told, "messages") for m in _read_turn(turn))),
        tools=tuple(_read_tool(tool) for tool in enter_all(told, "tools") if "input_schema" in tool),
        tool_choice=_read_choice(choice),
        parallel_tool_calls=None if one_at_a_time is None else not one_at_a_time,
        response_format=_read_format(enter(output, "format")),
        max_output_tokens=take(told, "max_tokens"),
        reasoning=_read_reasoning(thinking, take(output, "effort")),
        parameters=_read_parameters(told),
        stream=take(told, "stream", default=False),
        cache_control=take(told, "cache_control"),
    )
    card = card_with(
        parameters=(*PARAMETERS, "stop", "user", "service_tier", "reasoning_effort"),
        features=("thinking_budget",) if by_budget else (),
    )
    return ReadRequest(request, card, str(take(told, "model", "a-model")), told)


def _read_parameters(told: dict[str, Any]) -> dict[str, Any]:
    found = {name: take(told, name) for name in PARAMETERS}
    found["stop"] = take(told, "stop_sequences")
    found["user"] = take(enter(told, "metadata"), "user_id")
    tier = take(told, "service_tier")
    found["service_tier"] = None if tier is None else TIERS[tier]
    return {name: value for name, value in found.items() if value is not None}


def _read_system(told: dict[str, Any]) -> Iterator[Message]:
    if isinstance(told.get("system"), str):
        yield Message("system", (TextPart(take(told, "system")),))
    elif told.get("system"):
        yield Message("system", tuple(_read_part(block) for block in enter_all(told, "system")))


def _read_choice(choice: dict[str, Any]) -> ToolChoice | None:
    kind = take(choice, "type")
    return None if kind is None else ToolChoice(TOOL_CHOICES[kind], take(choice, "name"))


def _read_tool(tool: dict[str, Any]) -> Tool:
    take(tool, "type")
    return Tool(
        name=take(tool, "name"),
        description=take(tool, "description", ""),
        parameters=take(tool, "input_schema"),
        strict=take(tool, "strict"),
        cache_control=take(tool, "cache_control"),
    )


def _read_format(wanted: dict[str, Any]) -> ResponseFormat | None:
    return ResponseFormat("json_schema", schema=take(wanted, "schema")) if take(wanted, "type") else None


def _read_reasoning(thinking: dict[str, Any], effort: str | None) -> Reasoning | None:
    kind, hides = take(thinking, "type"), take(thinking, "display") == "omitted"
    if kind == "enabled":
        return Reasoning(max_tokens=take(thinking, "budget_tokens"), exclude=hides)
    if kind == "disabled":
        return Reasoning("none")
    # Anthropic's own default where it thinks as it likes.
    return Reasoning(effort or "high", exclude=hides) if kind or effort else None


def _read_turn(turn: dict[str, Any]) -> Iterator[Message]:
    role = take(turn, "role")
    if role == "system":
        raise NoEquivalentError("instructions in the middle are hoisted to the top")
    if isinstance(turn.get("content"), str):
        yield Message(role, (TextPart(take(turn, "content")),))
        return
    blocks = enter_all(turn, "content")
    results = [block for block in blocks if block.get("type") == "tool_result"]
    yield from (_read_result(block) for block in results)
    others = [block for block in blocks if block not in results]
    if others:
        yield _read_assistant(others) if role == "assistant" else Message(role, tuple(map(_read_part, others)))


def _read_assistant(blocks: list[dict[str, Any]]) -> Message:
    kinds = [str(block.get("type")) for block in blocks]
    order = [0 if "thinking" in kind else 2 if kind == "tool_use" else 1 for kind in kinds]
    if order != sorted(order):
        raise NoEquivalentError("thoughts, texts and calls come in turns")
    thoughts = [(place, block) for place, block in enumerate(blocks) if "thinking" in str(block.get("type"))]
    calls = [block for block in blocks if block.get("type") == "tool_use"]
    texts = [block for block in blocks if "thinking" not in str(block.get("type")) and block not in calls]
    return Message(
        "assistant",
        tuple(map(_read_part, texts)),
        tuple(map(_read_call, calls)),
        reasoning_details=tuple(_read_thought(block, place) for place, block in thoughts),
    )


def _read_thought(block: dict[str, Any], place: int) -> dict[str, Any]:
    where = {"format": THOUGHT, "index": place}
    if take(block, "type") == "redacted_thinking":
        return {"type": "reasoning.encrypted", "data": take(block, "data"), **where}
    return {"type": "reasoning.text", "text": take(block, "thinking"), "signature": take(block, "signature"), **where}


def _read_call(block: dict[str, Any]) -> ToolCall:
    take(block, "type")
    return ToolCall(take(block, "id"), take(block, "name"), json.dumps(take(block, "input")))


def _read_result(block: dict[str, Any]) -> Message:
    take(block, "type")
    if isinstance(block.get("content"), str):
        parts: tuple[Part, ...] = (TextPart(take(block, "content")),)
    else:
        parts = tuple(_read_part(part) for part in enter_all(block, "content"))
    return Message(
        "tool",
        parts,
        tool_call_id=take(block, "tool_use_id"),
        is_error=take(block, "is_error", default=False),
        cache_control=take(block, "cache_control"),
    )


def _read_part(block: dict[str, Any]) -> Part:
    kind = take(block, "type")
    if kind == "text":
        return TextPart(take(block, "text"), take(block, "cache_control"))
    if kind not in ("image", "document"):
        raise NoEquivalentError(f"a part of type {kind}")
    source = enter(block, "source")
    return MediaPart(
        "image" if kind == "image" else "file",
        *_read_source(source),
        url=take(source, "url"),
        filename=take(block, "title"),
        cache_control=take(block, "cache_control"),
        wants_citations=take(enter(block, "citations"), "enabled", default=False),
    )


def _read_source(source: dict[str, Any]) -> tuple[str, str | None]:
    kind = take(source, "type")
    if kind == "text":
        return take(source, "media_type"), base64.b64encode(take(source, "data").encode()).decode()
    if kind == "base64":
        return take(source, "media_type"), take(source, "data")
    if kind != "url":
        raise NoEquivalentError(f"a source of type {kind}")
    return "*/*", None
