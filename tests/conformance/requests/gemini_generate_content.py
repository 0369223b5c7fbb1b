"""Recorded requests to Gemini, read as the request that Pointsman would have got for them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

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

PARAMETERS: Mapping[str, str] = {
    "temperature": "temperature",
    "topP": "top_p",
    "topK": "top_k",
    "seed": "seed",
    "candidateCount": "n",
    "stopSequences": "stop",
    "presencePenalty": "presence_penalty",
    "frequencyPenalty": "frequency_penalty",
    "responseLogprobs": "logprobs",
    "logprobs": "top_logprobs",
}
# What is in these is the caller's own.
OPAQUE = frozenset(("args", "response", "parameters", "parametersJsonSchema", "responseSchema", "responseJsonSchema"))
TOOL_CHOICES: Mapping[str, ToolChoiceMode] = {"ANY": "required", "AUTO": "auto", "NONE": "none"}
THOUGHT = "google-gemini-v1"


def read(body: Any, spec: ProviderSpec) -> ReadRequest:
    told = in_camel_case(apart(body))
    config, calling = enter(told, "generationConfig"), enter(enter(told, "toolConfig"), "functionCallingConfig")
    thinking = enter(config, "thinkingConfig")
    by_budget = "thinkingBudget" in thinking
    request = ChatRequest(
        messages=(*_read_system(told), *_read_contents(told)),
        tools=tuple(_read_tool(tool) for group in enter_all(told, "tools") for tool in _declarations(group)),
        tool_choice=_read_choice(calling),
        response_format=_read_format(config),
        max_output_tokens=take(config, "maxOutputTokens"),
        reasoning=_read_reasoning(thinking),
        parameters={ours: take(config, name) for name, ours in PARAMETERS.items() if name in config},
        output_modalities=_read_modalities(config),
    )
    card = card_with(
        parameters=(*PARAMETERS.values(), "reasoning_effort"), features=("thinking_budget",) if by_budget else ()
    )
    return ReadRequest(request, card, str(take(told, "model", "a-model")), told)


def in_camel_case(value: Any) -> Any:
    """Google takes both spellings of its own names."""
    if isinstance(value, list):
        return [in_camel_case(item) for item in cast(list[Any], value)]
    if not isinstance(value, dict):
        return value
    named = {re.sub(r"_([a-z])", lambda m: m[1].upper(), k): v for k, v in cast(dict[str, Any], value).items()}
    return {name: item if name in OPAQUE else in_camel_case(item) for name, item in named.items()}


def _read_system(told: dict[str, Any]) -> Iterator[Message]:
    system = enter(told, "systemInstruction")
    take(system, "role")
    parts = tuple(_read_part(part) for part in enter_all(system, "parts"))
    if parts:
        yield Message("system", parts)


def _declarations(group: dict[str, Any]) -> list[dict[str, Any]]:
    return enter_all(group, "functionDeclarations")


def _read_tool(tool: dict[str, Any]) -> Tool:
    schema = take(tool, "parametersJsonSchema") or in_json_schema(take(tool, "parameters"))
    name, description = take(tool, "name"), take(tool, "description", "")
    return Tool(name, description, schema) if schema else Tool(name, description)


def in_json_schema(schema: Any) -> Any:
    """Google's old schemas write types in capitals."""
    if isinstance(schema, list):
        return [in_json_schema(item) for item in cast(list[Any], schema)]
    if not isinstance(schema, dict):
        return schema
    told = cast(dict[str, Any], schema)
    return {
        name: value.lower() if name == "type" and isinstance(value, str) else in_json_schema(value)
        for name, value in told.items()
    }


def _read_choice(calling: dict[str, Any]) -> ToolChoice | None:
    mode, names = str(take(calling, "mode", "")).upper(), take(calling, "allowedFunctionNames", [])
    if not mode:
        return None
    if mode == "ANY" and len(names) == 1:
        return ToolChoice("named", names[0])
    if names or mode not in TOOL_CHOICES:
        raise NoEquivalentError(f"tools chosen by {mode} among {len(names)}")
    return ToolChoice(TOOL_CHOICES[mode])


def _read_format(config: dict[str, Any]) -> ResponseFormat | None:
    mime_type = take(config, "responseMimeType")
    schema = take(config, "responseJsonSchema") or in_json_schema(take(config, "responseSchema"))
    if mime_type is None:
        return None
    if mime_type == "text/plain":
        return ResponseFormat("text")
    return ResponseFormat("json_schema", schema=schema) if schema else ResponseFormat("json_object")


def _read_modalities(config: dict[str, Any]) -> tuple[Modality, ...]:
    return tuple(str(each).lower() for each in take(config, "responseModalities", ["TEXT"]))  # pyright: ignore[reportReturnType]


def _read_reasoning(thinking: dict[str, Any]) -> Reasoning | None:
    level, budget, shown = (take(thinking, name) for name in ("thinkingLevel", "thinkingBudget", "includeThoughts"))
    if level is None and budget is None:
        if shown is not None:
            thinking["includeThoughts"] = shown
        return None
    if budget == -1:
        raise NoEquivalentError("a budget of as much as it likes")
    return Reasoning(level, budget, exclude=not shown)


def _read_contents(told: dict[str, Any]) -> Iterator[Message]:
    """Calls without ids get ids of their own, and the results of a turn take them in the calls' order."""
    pending: list[ToolCall] = []
    for number, content in enumerate(enter_all(told, "contents")):
        role = take(content, "role", "user")
        parts = enter_all(content, "parts")
        if role == "model":
            message = _read_model(parts, number)
            pending = list(message.tool_calls)
            yield message
        elif role in ("user", "function"):
            yield from _read_user(parts, pending)
        else:
            raise NoEquivalentError(f"a turn of {role}")


def _read_model(parts: list[dict[str, Any]], turn: int) -> Message:
    order = ["functionCall" in part for part in parts]
    if order != sorted(order):
        raise NoEquivalentError("texts and calls come in turns")
    signed = [place for place, part in enumerate(parts) if part.get("thoughtSignature") and not order[place]]
    if any(place < len(parts) - 1 - sum(order) for place in signed):
        raise NoEquivalentError("a signature on another text than the last")
    texts: list[Part] = []
    calls: list[ToolCall] = []
    details: list[dict[str, Any]] = []
    for part in parts:
        signature, is_thought = take(part, "thoughtSignature"), take(part, "thought")
        if is_thought and signature:
            raise NoEquivalentError("a signature on the thought, not on what followed from it")
        if "functionCall" in part:
            calls.append(_read_call(enter(part, "functionCall"), f"call_{turn}_{len(calls)}"))
        elif is_thought:
            details.append({"type": "reasoning.text", "text": take(part, "text"), "format": THOUGHT, "index": 0})
        else:
            texts.append(_read_part(part))
        if signature:
            named = {"id": calls[-1].id} if calls else {}
            place = {"format": THOUGHT, "index": len(details) + 1}
            details.append({"type": "reasoning.encrypted", "data": signature, **named, **place})
    return Message("assistant", tuple(texts), tuple(calls), reasoning_details=tuple(details))


def _read_call(call: dict[str, Any], stand_in: str) -> ToolCall:
    return ToolCall(take(call, "id", stand_in), take(call, "name"), json.dumps(take(call, "args", {})))


def _read_user(parts: list[dict[str, Any]], pending: list[ToolCall]) -> Iterator[Message]:
    responses = [part for part in parts if "functionResponse" in part]
    for part in responses:
        yield _read_result(enter(part, "functionResponse"), pending)
    others = [_read_part(part) for part in parts if part not in responses]
    if others:
        yield Message("user", tuple(others))


def _read_result(response: dict[str, Any], pending: list[ToolCall]) -> Message:
    name, call_id = take(response, "name"), take(response, "id")
    call = next((c for c in pending if (c.id == call_id if call_id else c.name == name)), None)
    if call is None:
        raise NoEquivalentError("the result of a call that nobody made")
    pending.remove(call)
    outcome: Any = take(response, "response", {})
    media = tuple(_read_part(part) for part in enter_all(response, "parts"))
    is_error = outcome.keys() == {"error"} and isinstance(outcome["error"], str)
    plain = outcome.keys() in ({"result"}, {"error"}) and isinstance(next(iter(outcome.values())), str)
    text = next(iter(outcome.values())) if plain else json.dumps(outcome)
    return Message("tool", (TextPart(text), *media), tool_call_id=call.id, is_error=is_error)


def _read_part(part: dict[str, Any]) -> Part:
    if "text" in part:
        return TextPart(take(part, "text"))
    inline, stored = enter(part, "inlineData"), enter(part, "fileData")
    source = inline or stored
    if not source:
        raise NoEquivalentError(f"a part with {', '.join(part)}")
    mime_type = take(source, "mimeType", "*/*")
    kind = mime_type.partition("/")[0]
    known: Modality = kind if kind in ("image", "audio", "video") else "file"
    return MediaPart(known, mime_type, base64_data=take(source, "data"), url=take(source, "fileUri"))
