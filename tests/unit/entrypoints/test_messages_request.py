"""Anthropic's body in the domain's words: what is kept, what is refused, and by which version."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, MediaPart, Message, Reasoning, TextPart, ToolCall, ToolChoice
from pointsman.entrypoints.wire.messages.request import decode_messages_preferences, decode_messages_request
from pointsman.entrypoints.wire.messages.thoughts import encode_thought
from pointsman.entrypoints.wire.messages.versions import FIRST, SECOND, parse_messages_body

HELLO: Mapping[str, Any] = {"model": "auto", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
TOOL = {"name": "look_up", "description": "Looks up.", "input_schema": {"type": "object"}}
HINT = {"type": "ephemeral"}


def decode(*, version: str = FIRST, **fields: Any) -> ChatRequest:
    content = json.dumps({**HELLO, **fields}).encode()
    return decode_messages_request(parse_messages_body(content, {"anthropic-version": version}))


def turns(*content: Any, role: str = "user") -> tuple[Message, ...]:
    return decode(messages=[{"role": role, "content": list(content)}]).messages


def test_a_plain_request_keeps_its_settings() -> None:
    request = decode(system="Be brief", temperature=0.5, top_k=3, stop_sequences=["END"], metadata={"user_id": "u"})
    assert [(message.role, message.text) for message in request.messages] == [("system", "Be brief"), ("user", "Hello")]
    assert request.max_output_tokens == 9
    assert request.parameters == {"temperature": 0.5, "top_k": 3, "stop": ["END"], "user": "u"}


def test_results_of_tools_become_messages_in_the_order_they_stand() -> None:
    result = {"type": "tool_result", "tool_use_id": "t1", "content": "18", "is_error": True, "cache_control": HINT}
    second = {"type": "tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "19"}]}
    messages = turns(result, second, {"type": "text", "text": "So?"})
    assert messages == (
        Message("tool", (TextPart("18"),), tool_call_id="t1", is_error=True, cache_control=HINT),
        Message("tool", (TextPart("19"),), tool_call_id="t2"),
        Message("user", (TextPart("So?"),)),
    )


def test_a_turn_of_the_model_keeps_text_calls_and_thoughts() -> None:
    (message,) = turns(
        {"type": "thinking", "thinking": "hm", "signature": "sig"},
        {"type": "redacted_thinking", "data": "xyz"},
        {"type": "text", "text": "Let me see"},
        {"type": "tool_use", "id": "t1", "name": "look_up", "input": {"q": "é"}},
        role="assistant",
    )
    assert message.text == "Let me see"
    assert message.tool_calls == (ToolCall("t1", "look_up", '{"q": "é"}'),)
    claude = {"format": "anthropic-claude-v1"}
    assert message.reasoning_details == (
        {"type": "reasoning.text", "text": "hm", "signature": "sig", "index": 0, **claude},
        {"type": "reasoning.encrypted", "data": "xyz", "index": 1, **claude},
    )


@pytest.mark.parametrize("hides_text", [False, True])
@pytest.mark.parametrize(
    "detail",
    [
        {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1", "index": 0},
        {"type": "reasoning.text", "text": "hm", "format": "deepseek", "index": 0},
        {"type": "reasoning.summary", "summary": "hm", "id": "rs_1", "format": "openai-responses-v1", "index": 2},
        {"type": "reasoning.encrypted", "data": "x", "id": "rs_1", "format": "google-gemini-v1", "index": 1},
    ],
)
def test_any_providers_thought_comes_back_as_it_went(detail: JsonObject, hides_text: bool) -> None:
    block = encode_thought(detail, hides_text=hides_text)
    assert not hides_text or block.get("thinking", "") == ""
    (message,) = turns(block, {"type": "text", "text": "x"}, role="assistant")
    assert message.reasoning_details == (detail,)


def test_media_and_documents_are_taken_in_each_form() -> None:
    pdf = base64.b64encode(b"%PDF /Type /Page ").decode()
    (message,) = turns(
        {"type": "image", "source": {"type": "url", "url": "https://a/b.png"}, "cache_control": HINT},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": pdf}, "title": "T"},
        {"type": "document", "source": {"type": "text", "data": "plain"}, "citations": {"enabled": True}},
        {"type": "document", "source": {"type": "content", "content": "inner"}, "context": "about it"},
    )
    image, file, plain, about, inner = message.parts
    assert image == MediaPart("image", "image/*", url="https://a/b.png", cache_control=HINT)
    assert isinstance(file, MediaPart)
    assert (file.kind, file.filename, file.facts.pages) == ("file", "T", 1)
    assert isinstance(plain, MediaPart)
    assert (plain.mime_type, plain.wants_citations) == ("text/plain", True)
    assert (about, inner) == (TextPart("about it"), TextPart("inner"))


@pytest.mark.parametrize(
    ("fields", "reasoning"),
    [
        ({}, None),
        ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, Reasoning(None, 2048)),
        ({"thinking": {"type": "adaptive", "display": "omitted"}}, Reasoning("high", exclude=True)),
        ({"thinking": {"type": "disabled"}}, Reasoning("none")),
        ({"output_config": {"effort": "low"}}, Reasoning("low")),
        ({"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}}, Reasoning("max")),
    ],
)
def test_how_much_to_think_is_understood(fields: Any, reasoning: Reasoning | None) -> None:
    assert decode(**fields).reasoning == reasoning


@pytest.mark.parametrize(
    ("choice", "expected", "parallel"),
    [
        ({"type": "auto", "disable_parallel_tool_use": True}, ToolChoice("auto"), False),
        ({"type": "any"}, ToolChoice("required"), None),
        ({"type": "tool", "name": "look_up"}, ToolChoice("named", "look_up"), None),
        ({"type": "none"}, ToolChoice("none"), None),
    ],
)
def test_each_tool_choice_is_understood(choice: Any, expected: ToolChoice, parallel: bool | None) -> None:
    request = decode(tools=[TOOL], tool_choice=choice)
    assert (request.tool_choice, request.parallel_tool_calls) == (expected, parallel)
    assert request.tools[0].parameters == {"type": "object"}


def test_a_schema_for_the_answer_is_strict() -> None:
    format_ = decode(output_config={"format": {"type": "json_schema", "schema": {"type": "object"}}}).response_format
    assert format_ is not None
    assert (format_.kind, format_.schema, format_.strict) == ("json_schema", {"type": "object"}, True)


IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "@@"}}
DOCUMENT = {"type": "document", "source": {"type": "text", "data": "x"}}
REFUSED: list[tuple[Any, str]] = [
    ({"max_tokens": 0}, "max_tokens"),
    ({"messages": [{"role": "user", "content": [IMAGE]}]}, "messages[0].content[0].source.data"),
    ({"messages": [{"role": "user", "content": [{"type": "wizard"}]}]}, "messages[0].content[0].type"),
    ({"messages": [{"role": "user", "content": ""}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": [{"type": "tool_use", "id": "t", "name": "n", "input": {}}]}]},
     "messages[0].content[0].type"),
    ({"messages": [{"role": "assistant", "content": [{"type": "tool_result", "tool_use_id": "t"}]}]},
     "messages[0].content[0].type"),
    ({"messages": [{"role": "assistant", "content": [
        {"type": "thinking", "thinking": "hm", "signature": "pointsman1.altered"}]}]},
     "messages[0].content[0].signature"),
    ({"tool_choice": {"type": "any"}}, "tool_choice.type"),
    ({"tool_choice": {"type": "tool", "name": "none"}}, "tool_choice.name"),
    ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools[0].type"),
    ({"inference_geo": "us"}, "inference_geo"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "field"), REFUSED)
def test_what_cannot_be_taken_is_named(fields: Any, field: str) -> None:
    with pytest.raises(RequestError) as raised:
        decode(**fields)
    assert raised.value.field == field


DROPPED: list[tuple[Any, str]] = [
        ({"temperature": 1}, "temperature"),
        ({"top_p": 1}, "top_p"),
        ({"top_k": 1}, "top_k"),
        ({"messages": [{"role": "assistant", "content": [DOCUMENT]}]}, "messages[0].content[0].type"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "citations": [{}]}]}]},
         "messages[0].content[0].citations"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "field"), DROPPED)
def test_the_second_version_refuses_what_the_first_takes(fields: Any, field: str) -> None:
    decode(**fields)
    with pytest.raises(RequestError) as raised:
        decode(version=SECOND, **fields)
    assert raised.value.field == field


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(RequestError) as raised:
        decode(version="2024-01-01")
    assert raised.value.field == "anthropic-version"


def test_what_is_ignored_is_told() -> None:
    call = {"type": "tool_use", "id": "t", "name": "n", "input": {}, "cache_control": HINT}
    content = json.dumps(
        {**HELLO, "diagnostics": {}, "speed": "fast", "messages": [{"role": "assistant", "content": [call]}]}
    )
    preferences = decode_messages_preferences(parse_messages_body(content.encode(), {}))
    assert preferences.service_tier == "fast"
    assert [warning.partition(":")[0] for warning in preferences.warnings] == [
        "diagnostics",
        "messages[0].content[0].cache_control",
    ]
