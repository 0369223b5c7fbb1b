"""Recorded requests to Bedrock's Converse, read as the request that Pointsman would have got for them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pointsman.adapters.providers.dialects.bedrock_converse.encode_media import FORMATS
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.request import (
    ChatRequest,
    MediaPart,
    Message,
    Modality,
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

PARAMETERS = {"temperature": "temperature", "topP": "top_p", "stopSequences": "stop"}
CHOICES: dict[str, ToolChoiceMode] = {"auto": "auto", "any": "required"}
CLAUDES_CHOICES: dict[str, ToolChoiceMode] = {**CHOICES, "tool": "named"}
# Other names for what has its format's name already.
ALIASES = ("image/jpg", "audio/x-wav", "audio/wave")
MIME_TYPES: dict[str, str] = {form: mime_type for mime_type, form in FORMATS.items() if mime_type not in ALIASES}
KINDS: dict[str, tuple[Modality, str]] = {
    "image": ("image", "image"),
    "document": ("file", "application"),
    "video": ("video", "video"),
    "audio": ("audio", "audio"),
}


def read(body: Any, _: ProviderSpec) -> ReadRequest:
    told = apart(body)
    config, inference = enter(told, "toolConfig"), enter(told, "inferenceConfig")
    family = enter(told, "additionalModelRequestFields")
    found = {ours: take(inference, theirs) for theirs, ours in PARAMETERS.items()}
    found["service_tier"] = take(enter(told, "serviceTier"), "type")
    request = ChatRequest(
        messages=(*_read_system(told), *(m for turn in enter_all(told, "messages") for m in _read_turn(turn))),
        tools=tuple(_read_tools(config)),
        tool_choice=_read_choice(enter(config, "toolChoice")) or _read_claudes_choice(enter(family, "tool_choice")),
        parallel_tool_calls=_read_parallel(enter(family, "tool_choice")),
        response_format=_read_format(told),
        max_output_tokens=take(inference, "maxTokens"),
        reasoning=_read_reasoning(family),
        parameters={name: value for name, value in found.items() if value is not None},
    )
    card = card_with(parameters=(*found, "reasoning_effort"), features=("prompt_caching",))
    return ReadRequest(request, card, "a-model", told)


def _read_system(told: dict[str, Any]) -> Iterator[Message]:
    parts = tuple(_read_parts(enter_all(told, "system")))
    if parts:
        yield Message("system", parts)


def _read_turn(turn: dict[str, Any]) -> Iterator[Message]:
    blocks, role = enter_all(turn, "content"), take(turn, "role")
    results = [block for block in blocks if "toolResult" in block]
    yield from (_read_result(enter(block, "toolResult")) for block in results)
    others = [block for block in blocks if block not in results]
    if role == "assistant":
        yield _read_answer(others)
    elif others:
        yield Message(role, tuple(_read_parts(others)))


def _read_answer(blocks: list[dict[str, Any]]) -> Message:
    thoughts = [enter(block, "reasoningContent") for block in blocks if "reasoningContent" in block]
    uses = [enter(block, "toolUse") for block in blocks if "toolUse" in block]
    said = [block for block in blocks if not block.keys() & {"reasoningContent", "toolUse"}]
    return Message(
        "assistant",
        tuple(_read_parts(said)),
        tuple(_read_use(use) for use in uses),
        reasoning_details=tuple(detail for n, thought in enumerate(thoughts) for detail in _read_thought(thought, n)),
    )


def _read_use(use: dict[str, Any]) -> ToolCall:
    return ToolCall(take(use, "toolUseId"), take(use, "name"), json.dumps(take(use, "input", {})))


def _read_thought(thought: dict[str, Any], index: int) -> Iterator[dict[str, Any]]:
    place = {"format": "unknown", "index": index}
    text = enter(thought, "reasoningText")
    if "signature" in text:
        told = {"text": take(text, "text"), "signature": take(text, "signature")}
        yield {"type": "reasoning.text", **told, **place}
    if "redactedContent" in thought:
        yield {"type": "reasoning.encrypted", "data": take(thought, "redactedContent"), **place}


def _read_result(result: dict[str, Any]) -> Message:
    content = enter_all(result, "content")
    if any("json" in block for block in content):
        raise NoEquivalentError("a tool's result as an object, where Pointsman has text")
    return Message(
        "tool",
        tuple(_read_parts(content)),
        tool_call_id=take(result, "toolUseId"),
        is_error=take(result, "status") == "error",
    )


def _read_parts(blocks: list[dict[str, Any]]) -> Iterator[Part]:
    for number, block in enumerate(blocks):
        if "text" in block:
            following = blocks[number + 1] if number + 1 < len(blocks) else {}
            yield replace(TextPart(take(block, "text")), cache_control=_read_cache_point(following))
        for name in KINDS.keys() & block.keys():
            yield _read_media(enter(block, name), name)


def _read_cache_point(block: dict[str, Any]) -> dict[str, Any] | None:
    point = take(block, "cachePoint")
    if point is None:
        return None
    return {"type": "ephemeral", "ttl": point["ttl"]} if "ttl" in point else {"type": "ephemeral"}


def _read_media(media: dict[str, Any], name: str) -> MediaPart:
    kind, family = KINDS[name]
    form: str = take(media, "format")
    source = enter(media, "source")
    cited = bool(take(enter(media, "citations"), "enabled"))
    if "bytes" not in source and "s3Location" not in source:
        raise NoEquivalentError(f"a {name} that is neither inline nor in S3")
    return MediaPart(
        kind,
        MIME_TYPES.get(form, f"{family}/{form}"),
        base64_data=take(source, "bytes"),
        url=take(enter(source, "s3Location"), "uri"),
        filename=take(media, "name"),
        wants_citations=cited,
    )


def _read_tools(config: dict[str, Any]) -> Iterator[Tool]:
    tools = enter_all(config, "tools")
    for number, tool in enumerate(tools):
        spec = enter(tool, "toolSpec")
        if spec:
            following = tools[number + 1] if number + 1 < len(tools) else {}
            yield Tool(
                take(spec, "name"),
                take(spec, "description", ""),
                take(enter(spec, "inputSchema"), "json"),
                take(spec, "strict"),
                cache_control=_read_cache_point(following),
            )


def _read_claudes_choice(choice: dict[str, Any]) -> ToolChoice | None:
    """Claude's own words, for Bedrock has none that forbid parallel calls."""
    kind = take(choice, "type")
    return None if kind is None else ToolChoice(CLAUDES_CHOICES[kind], take(choice, "name"))


def _read_parallel(choice: dict[str, Any]) -> bool | None:
    one_at_a_time: bool | None = take(choice, "disable_parallel_tool_use")
    return None if one_at_a_time is None else not one_at_a_time


def _read_reasoning(family: dict[str, Any]) -> Reasoning | None:
    """Claude's own words where it thinks as much as it likes, up to an effort."""
    if family.get("thinking") != {"type": "adaptive"} or "effort" not in enter(family, "output_config"):
        return None
    take(family, "thinking")
    return Reasoning(take(enter(family, "output_config"), "effort"))


def _read_choice(choice: dict[str, Any]) -> ToolChoice | None:
    for theirs, ours in CHOICES.items():
        if take(choice, theirs) is not None:
            return ToolChoice(ours)
    name = take(enter(choice, "tool"), "name")
    return None if name is None else ToolChoice("named", name)


def _read_format(told: dict[str, Any]) -> ResponseFormat | None:
    text = enter(enter(told, "outputConfig"), "textFormat")
    schema = enter(enter(text, "structure"), "jsonSchema")
    if not schema:
        return None
    take(text, "type")
    return ResponseFormat(
        "json_schema",
        take(schema, "name", "response"),
        json.loads(take(schema, "schema")),
        description=take(schema, "description"),
    )
