"""Anthropic's dialect where its fixtures do not reach: what it refuses, and how it orders turns."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from pointsman.adapters.providers.dialects import anthropic_messages
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.domain.errors import RequestError
from pointsman.domain.reply import ReplyStarted, assemble
from pointsman.domain.request import (
    ChatRequest,
    MediaPart,
    Message,
    Reasoning,
    ResponseFormat,
    TextPart,
    Tool,
    ToolCall,
    ToolChoice,
)

from tests.conformance.cards import card_with
from tests.unit.providers.dialect_calls import body_for, decode_stream, say

TOOL = Tool("f")
BY_BUDGET = card_with(
    parameters=("reasoning_effort",), features=("thinking_budget",), reasoning_efforts=("none", "low", "high")
)
EVERYTHING = card_with(parameters=("n", "logit_bias", "service_tier", "user", "stop", "reasoning_effort"))


def body(request: ChatRequest, **options: Any) -> Any:
    return body_for(anthropic_messages, request, row="anthropic", **options)


def called(arguments: str, call_id: str = "c1") -> Message:
    return Message("assistant", tool_calls=(ToolCall(call_id, "f", arguments),))


def result(call_id: str, *media: MediaPart) -> Message:
    return Message("tool", (TextPart("1"), *media), tool_call_id=call_id)


def message(**fields: Any) -> dict[str, Any]:
    return {"id": "m1", "type": "message", "content": [], "stop_reason": "end_turn", "usage": {}, **fields}


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ChatRequest((Message("system", (TextPart("Be brief."),)),)), "messages"),
        (ChatRequest((Message("assistant", (TextPart("Hi"),)), say())), "messages[0].role"),
        (ChatRequest((say(""),)), "messages[0].content"),
        (ChatRequest((say("a", MediaPart("audio", "audio/wav", base64_data="AA")),)), "messages[0].content[1]"),
        (ChatRequest((say("a", MediaPart("video", "video/mp4", base64_data="AA")),)), "messages[0].content[1]"),
        (ChatRequest((say("a", MediaPart("image", "image/tiff", base64_data="AA")),)), "messages[0].content[1]"),
        (ChatRequest((say("a", MediaPart("file", "application/zip", base64_data="AA")),)), "messages[0].content[1]"),
        (ChatRequest((say("a", MediaPart("file", "text/plain", base64_data="?")),)), "messages[0].content[1]"),
        (ChatRequest((say(), called("{"))), "messages[1].tool_calls[0].function.arguments"),
        (ChatRequest((say(), called("[1]"))), "messages[1].tool_calls[0].function.arguments"),
        (ChatRequest((say(),), response_format=ResponseFormat("json_object")), "response_format.type"),
        (ChatRequest((say(),), output_modalities=("text", "audio")), "modalities"),
        (ChatRequest((say(),), parameters={"logit_bias": {}}), "logit_bias"),
        (ChatRequest((say(),), parameters={"n": 2}), "n"),
        (ChatRequest((say(),), parameters={"service_tier": "flex"}), "service_tier"),
    ],
)
def test_what_claude_cannot_take_is_refused_by_field(request_: ChatRequest, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body(request_, card=EVERYTHING)
    assert caught.value.field == field


def test_parameters_go_by_anthropic_s_names() -> None:
    request = ChatRequest(
        (say(),), parameters={"stop": "END", "user": "u1", "n": 1, "service_tier": "default"}, max_output_tokens=9
    )
    sent = body(request, card=EVERYTHING)
    assert sent["stop_sequences"] == ["END"]
    assert sent["metadata"] == {"user_id": "u1"}
    assert sent["service_tier"] == "standard_only"
    assert "n" not in sent


def test_all_results_of_a_turn_come_first_in_one_user_turn() -> None:
    request = ChatRequest((say(), called("{}"), say("And?"), result("c1"), called("", "c2"), result("c2")))
    turns = body(request)["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user", "assistant", "user"]
    assert [block["type"] for block in turns[2]["content"]] == ["tool_result", "text"]
    assert turns[3]["content"][0]["input"] == {}


def test_instructions_are_hoisted_wherever_they_stand() -> None:
    request = ChatRequest((Message("system", (TextPart("A"),)), say(), Message("developer", (TextPart("B"),))))
    assert [block["text"] for block in body(request)["system"]] == ["A", "B"]


def test_an_image_in_a_tool_s_result_stays_within_it() -> None:
    picture = MediaPart("image", "image/png", base64_data="AA")
    content = body(ChatRequest((say(), called("{}"), result("c1", picture))))["messages"][2]["content"]
    assert [block["type"] for block in content[0]["content"]] == ["text", "image"]


def test_a_text_file_is_sent_as_its_text() -> None:
    part = MediaPart("file", "text/markdown", base64_data=base64.b64encode("Ünïcode".encode()).decode())
    source = body(ChatRequest((say("Read", part),)))["messages"][0]["content"][1]["source"]
    assert source == {"type": "text", "media_type": "text/plain", "data": "Ünïcode"}


HINT = {"type": "ephemeral", "ttl": "1h"}


def test_cache_hints_go_wherever_they_were_given() -> None:
    picture = MediaPart("image", "image/png", base64_data="AA", cache_control=HINT)
    document = MediaPart("file", "application/pdf", base64_data="AA", cache_control=HINT)
    told = Message("tool", (TextPart("1"),), tool_call_id="c1", cache_control=HINT)
    tools = (Tool("f", cache_control=HINT),)
    sent = body(ChatRequest((say("a", picture, document), called("{}"), told), tools=tools, cache_control=HINT))
    hinted = [*sent["messages"][0]["content"][1:], *sent["messages"][2]["content"], *sent["tools"], sent]
    assert [item["cache_control"] for item in hinted] == [HINT] * 5


def test_a_tool_that_failed_says_so() -> None:
    told = Message("tool", (TextPart("no such city"),), tool_call_id="c1", is_error=True)
    sent = body(ChatRequest((say(), called("{}"), told)))
    assert sent["messages"][2]["content"][0]["is_error"] is True


def test_a_document_is_cited_where_that_was_asked_for() -> None:
    parts = [MediaPart("file", "application/pdf", base64_data="AA", wants_citations=cited) for cited in (True, False)]
    (message_,) = body(ChatRequest((say("a", *parts),)))["messages"]
    assert [block.get("citations") for block in message_["content"][1:]] == [{"enabled": True}, None]


def test_ids_that_anthropic_would_refuse_get_a_stand_in_and_stay_paired() -> None:
    turns = body(ChatRequest((say(), called("{}", "get_weather:0"), result("get_weather:0"))))["messages"]
    call_id = turns[1]["content"][0]["id"]
    assert call_id.isalnum()
    assert turns[2]["content"][0]["tool_use_id"] == call_id


@pytest.mark.parametrize(
    ("choice", "parallel", "sent"),
    [
        (None, None, None),
        (None, False, {"type": "auto", "disable_parallel_tool_use": True}),
        (ToolChoice("required"), False, {"type": "any", "disable_parallel_tool_use": True}),
        (ToolChoice("none"), False, {"type": "none"}),
        (ToolChoice("named", "f"), True, {"type": "tool", "name": "f"}),
    ],
)
def test_tool_choice_says_how_many_calls_at_a_time(choice: ToolChoice | None, parallel: bool | None, sent: Any) -> None:
    request = ChatRequest((say(),), tools=(TOOL,), tool_choice=choice, parallel_tool_calls=parallel)
    assert body(request).get("tool_choice") == sent


@pytest.mark.parametrize(
    ("wish", "thinking"),
    [
        (Reasoning("none"), {"type": "disabled"}),
        (Reasoning("low", exclude=True), {"type": "enabled", "budget_tokens": 2048, "display": "omitted"}),
        (Reasoning(max_tokens=3000), {"type": "enabled", "budget_tokens": 3000, "display": "summarized"}),
    ],
)
def test_thinking_by_budget(wish: Reasoning, thinking: Any) -> None:
    assert body(ChatRequest((say(),), reasoning=wish), card=BY_BUDGET)["thinking"] == thinking


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Reasoning(max_tokens=500), "reasoning.max_tokens"),
        (Reasoning("high"), "max_completion_tokens"),
        (Reasoning("max"), "reasoning.effort"),
    ],
)
def test_thinking_that_does_not_fit_is_refused(wish: Reasoning, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body(ChatRequest((say(),), reasoning=wish, max_output_tokens=16_000), card=BY_BUDGET)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "reply",
    [
        message(stop_reason="bored"),
        message(stop_reason=None),
        message(content=[{"type": "hologram"}]),
        message(content=[{"type": "tool_use", "id": "t", "name": "f", "input": "{}"}]),
    ],
)
def test_what_is_not_known_is_malformed_and_not_guessed(reply: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        list(anthropic_messages.decode(reply))


def test_pages_of_the_web_are_cited_in_openai_s_form() -> None:
    place = {"type": "web_search_result_location", "url": "https://example.com", "title": "A", "cited_text": "x"}
    events = anthropic_messages.decode(message(content=[{"type": "text", "text": "x", "citations": [place]}]))
    cited = {"type": "url_citation", "url_citation": {"url": "https://example.com", "title": "A"}}
    assert assemble(events).choices[0].annotations == (cited,)


def test_a_call_without_arguments_has_an_empty_object() -> None:
    block: dict[str, Any] = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
    assert assemble(anthropic_messages.decode(message(content=[block]))).choices[0].tool_calls[0].arguments == "{}"


def stream(*events: dict[str, Any]) -> list[Any]:
    return decode_stream(anthropic_messages, events)


START = {"type": "message_start", "message": message(stop_reason=None, usage={"input_tokens": 3})}
TEXT = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}}
END = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}


def test_a_second_start_in_mid_stream_does_not_start_a_second_answer() -> None:
    events = stream(START, TEXT, START, TEXT, END, END)
    assert sum(isinstance(event, ReplyStarted) for event in events) == 1
    assert assemble(events).choices[0].text == "aa"


def test_kinds_of_events_that_are_new_say_nothing() -> None:
    assert assemble(stream(START, {"type": "weather_report"}, TEXT, END)).choices[0].text == "a"


def test_a_stream_that_ends_before_its_reason_is_broken() -> None:
    with pytest.raises(MalformedReplyError):
        stream(START, TEXT)


def test_an_unknown_delta_is_malformed() -> None:
    with pytest.raises(MalformedReplyError):
        stream(START, {"type": "content_block_delta", "index": 0, "delta": {"type": "hologram_delta"}})


def test_an_error_in_a_stream_is_an_error() -> None:
    with pytest.raises(InStreamError):
        stream(START, {"type": "error", "error": {"type": "overloaded_error"}})


def test_inputs_of_steps_that_anthropic_took_itself_are_no_calls_of_ours() -> None:
    step = {"type": "content_block_start", "index": 0, "content_block": {"type": "server_tool_use", "id": "s"}}
    piece = {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{}"}}
    assert (
        not assemble(stream(START, step, piece, {"type": "content_block_stop", "index": 0}, END)).choices[0].tool_calls
    )


@pytest.mark.parametrize("choice", [ToolChoice("required"), ToolChoice("named", "f")])
def test_no_call_is_forced_while_claude_thinks_by_budget(choice: ToolChoice) -> None:
    request = ChatRequest((say(),), tools=(TOOL,), tool_choice=choice, reasoning=Reasoning("low"))
    with pytest.raises(RequestError) as caught:
        body(request, card=BY_BUDGET)
    assert caught.value.field == "tool_choice"
    assert body(replace(request, reasoning=Reasoning("none")), card=BY_BUDGET)["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(
    "kind", ["mcp_tool_use", "mcp_tool_result", "container_upload", "advisor_tool_result", "fallback"]
)
def test_steps_that_anthropic_took_itself_are_no_part_of_the_answer(kind: str) -> None:
    blocks = [{"type": kind, "id": "s1"}, {"type": "text", "text": "Hi"}]
    (choice,) = assemble(anthropic_messages.decode(message(content=blocks))).choices
    assert (choice.text, choice.tool_calls) == ("Hi", ())
