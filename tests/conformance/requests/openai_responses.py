"""Recorded requests to OpenAI's Responses, read as the request that Pointsman would have got for them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from pointsman.adapters.providers.dialects.openai_responses.encode import LOGPROBS
from pointsman.adapters.providers.dialects.openai_responses.encode_parameters import KEPT
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
)

from tests.conformance.cards import card_with
from tests.conformance.requests.taking import NoEquivalentError, ReadRequest, apart, enter, enter_all, take

SECRET = "reasoning.encrypted_content"
THOUGHT = "openai-responses-v1"
TEXTS = ("input_text", "output_text", "text")


def read(body: Any, _: ProviderSpec) -> ReadRequest:
    told = apart(body)
    if told.get("store") is not False:
        take(told, "store")
    included: list[str] = take(told, "include", [])
    text, thinking = enter(told, "text"), enter(told, "reasoning")
    found = {name: take(told, name) for name in sorted(KEPT)} | {"verbosity": take(text, "verbosity")}
    found["logprobs"] = True if LOGPROBS in included else None
    request = ChatRequest(
        messages=(*_read_instructions(told), *_in_one_turn(_read_input(told))),
        tools=tuple(_read_tool(tool) for tool in enter_all(told, "tools") if tool.get("type") == "function"),
        tool_choice=_read_choice(take(told, "tool_choice")),
        parallel_tool_calls=take(told, "parallel_tool_calls"),
        response_format=_read_format(enter(text, "format")),
        max_output_tokens=take(told, "max_output_tokens"),
        reasoning=_read_reasoning(thinking),
        parameters={name: value for name, value in found.items() if value is not None},
        stream=bool(take(told, "stream")),
    )
    features = ("reasoning",) if SECRET in included else ()
    card = card_with(parameters=(*found, "reasoning_effort"), features=features)
    return ReadRequest(request, card, str(take(told, "model", "a-model")), told)


def _read_instructions(told: dict[str, Any]) -> Iterator[Message]:
    if told.get("instructions"):
        raise NoEquivalentError("instructions beside the conversation, which Pointsman writes as its first turn")
    take(told, "instructions")
    yield from ()


def _read_input(told: dict[str, Any]) -> Iterator[Message]:
    if isinstance(told.get("input"), str):
        yield Message("user", (TextPart(take(told, "input")),))
        return
    items = enter_all(told, "input")
    waiting: list[dict[str, Any]] = []
    for item in items:
        kind = item.get("type", "message")
        if kind == "reasoning":
            waiting.extend(_read_thought(item))
            continue
        yield _read_item(item, kind, tuple(waiting))
        waiting = []
    if waiting:
        raise NoEquivalentError("a thought that nothing follows")


def _in_one_turn(messages: Iterator[Message]) -> Iterator[Message]:
    """An answer and the calls behind it are items of their own there, and one turn of the model here."""
    for is_answer, group in groupby(messages, key=lambda message: message.role == "assistant"):
        turns = list(group)
        while is_answer and len(turns) > 1 and turns[1].tool_calls and not turns[1].reasoning_details:
            turns[:2] = [replace(turns[0], tool_calls=(*turns[0].tool_calls, *turns[1].tool_calls))]
        yield from turns


def _read_thought(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if not item.get("encrypted_content"):
        raise NoEquivalentError("a thought without its secret, which its provider had stored")
    place = {"id": take(item, "id"), "format": THOUGHT}
    for index, part in enumerate(enter_all(item, "summary")):
        yield {"type": "reasoning.summary", "summary": take(part, "text"), "index": index, **place}
        take(part, "type")
    yield {"type": "reasoning.encrypted", "data": take(item, "encrypted_content"), "index": 0, **place}
    take(item, "type")


def _read_item(item: dict[str, Any], kind: str, thoughts: tuple[dict[str, Any], ...]) -> Message:
    take(item, "type")
    if kind == "function_call":
        call = ToolCall(take(item, "call_id"), take(item, "name"), take(item, "arguments", ""))
        return Message("assistant", tool_calls=(call,), reasoning_details=thoughts)
    if kind == "function_call_output":
        return Message("tool", tuple(_read_parts(item, "output")), tool_call_id=take(item, "call_id"))
    if kind != "message":
        raise NoEquivalentError(f"an item of a built-in tool ({kind})")
    return Message(take(item, "role"), tuple(_read_parts(item, "content")), reasoning_details=thoughts)


def _read_parts(holder: dict[str, Any], name: str) -> Iterator[Part]:
    if isinstance(holder.get(name), str):
        yield TextPart(take(holder, name))
        return
    for part in enter_all(holder, name):
        kind = take(part, "type")
        if kind in TEXTS:
            yield TextPart(take(part, "text"))
        elif kind == "input_image":
            yield _as_media("image", take(part, "image_url"), detail=take(part, "detail"))
        elif kind == "input_file":
            url = take(part, "file_data") or take(part, "file_url")
            yield _as_media("file", url, filename=take(part, "filename"))
        else:
            raise NoEquivalentError(f"a part of type {kind}")


def _as_media(kind: Any, url: str | None, **rest: Any) -> MediaPart:
    if url is None:
        raise NoEquivalentError("a file that its provider had stored")
    head, _, data = url.partition(";base64,")
    if not data:
        return MediaPart(kind, f"{kind}/*", url=url, **rest)
    return MediaPart(kind, head.removeprefix("data:"), base64_data=data, **rest)


def _read_tool(tool: dict[str, Any]) -> Tool:
    take(tool, "type")
    return Tool(take(tool, "name"), take(tool, "description", ""), take(tool, "parameters", {}), take(tool, "strict"))


def _read_choice(choice: Any) -> ToolChoice | None:
    if choice is None:
        return None
    return ToolChoice("named", choice["name"]) if isinstance(choice, dict) else ToolChoice(choice)  # pyright: ignore[reportUnknownArgumentType]


def _read_format(wanted: dict[str, Any]) -> ResponseFormat | None:
    kind = take(wanted, "type")
    if kind is None:
        return None
    return ResponseFormat(
        kind,
        take(wanted, "name", "response"),
        take(wanted, "schema"),
        take(wanted, "strict"),
        take(wanted, "description"),
    )


def _read_reasoning(thinking: dict[str, Any]) -> Reasoning | None:
    effort, summary = take(thinking, "effort"), take(thinking, "summary")
    return None if effort is None else Reasoning(effort, exclude=summary is None)
