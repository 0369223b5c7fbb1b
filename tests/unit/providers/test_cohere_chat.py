"""Cohere's dialect where its fixtures do not reach: what it refuses, and how thoughts and plans travel."""

from typing import Any

import pytest
from pointsman.adapters.providers.dialects import cohere_chat
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.domain.errors import RequestError
from pointsman.domain.reply import Usage, assemble
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

TOOLS = (Tool("f"), Tool("g"))
PICTURE = MediaPart("image", "image/png", base64_data="AA")
EVERYTHING = card_with(
    parameters=("n", "top_p", "top_k", "stop", "logit_bias", "presence_penalty", "reasoning_effort"),
    reasoning_efforts=("none", "low"),
)


def body(request: ChatRequest) -> Any:
    return body_for(cohere_chat, request, row="cohere", card=EVERYTHING)


def reply(message: dict[str, Any] | None = None, finish: str | None = "COMPLETE", **usage: Any) -> dict[str, Any]:
    return {"id": "c1", "message": {"role": "assistant", **(message or {})}, "finish_reason": finish, "usage": usage}


def usage_of(**usage: Any) -> Usage:
    return assemble(cohere_chat.decode(reply(**usage))).usage


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ChatRequest((say(),), output_modalities=("text", "audio")), "modalities"),
        (ChatRequest((say(),), tools=TOOLS, parallel_tool_calls=False), "parallel_tool_calls"),
        (ChatRequest((say(),), tools=TOOLS, response_format=ResponseFormat("json_object")), "response_format"),
        (ChatRequest((say("a", MediaPart("audio", "audio/wav", base64_data="AA")),)), "messages[0].content[1]"),
        (ChatRequest((say(), Message("tool", (PICTURE,), tool_call_id="c"))), "messages[1].content"),
        (ChatRequest((say(),), parameters={"logit_bias": {}}), "logit_bias"),
        (ChatRequest((say(),), parameters={"n": 2}), "n"),
        (ChatRequest((say(),), parameters={"top_p": 1}), "top_p"),
        (ChatRequest((say(),), parameters={"presence_penalty": -0.5}), "presence_penalty"),
    ],
)
def test_what_command_cannot_take_is_refused_by_field(request_: ChatRequest, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body(request_)
    assert caught.value.field == field


def test_parameters_go_by_cohere_s_names() -> None:
    sent = body(ChatRequest((say(),), parameters={"stop": "END", "top_p": 0.5, "top_k": 9, "n": 1}))
    assert (sent["stop_sequences"], sent["p"], sent["k"]) == (["END"], 0.5, 9)
    assert not {"stop", "top_p", "top_k", "n"} & sent.keys()


@pytest.mark.parametrize(
    ("choice", "sent", "offered"),
    [
        (None, None, ["f", "g"]),
        (ToolChoice("auto"), None, ["f", "g"]),
        (ToolChoice("none"), "NONE", ["f", "g"]),
        (ToolChoice("required"), "REQUIRED", ["f", "g"]),
        (ToolChoice("named", "g"), "REQUIRED", ["g"]),
    ],
)
def test_a_tool_is_named_by_offering_no_other(choice: ToolChoice | None, sent: str | None, offered: list[str]) -> None:
    encoded = body(ChatRequest((say(),), tools=TOOLS, tool_choice=choice))
    assert encoded.get("tool_choice") == sent
    assert [tool["function"]["name"] for tool in encoded["tools"]] == offered


def test_one_strict_tool_makes_all_strict() -> None:
    assert "strict_tools" not in body(ChatRequest((say(),), tools=TOOLS))
    assert body(ChatRequest((say(),), tools=(*TOOLS, Tool("h", strict=True))))["strict_tools"] is True


@pytest.mark.parametrize(
    ("wish", "thinking"),
    [
        (Reasoning("none"), {"type": "disabled"}),
        (Reasoning("low"), {"type": "enabled", "token_budget": 2048}),
        (Reasoning(max_tokens=500), {"type": "enabled", "token_budget": 500}),
    ],
)
def test_thinking_is_by_budget(wish: Reasoning, thinking: Any) -> None:
    assert body(ChatRequest((say(),), reasoning=wish))["thinking"] == thinking


def test_thoughts_and_plans_are_sent_back_where_they_came_from() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}
    thinking = {"type": "thinking", "thinking": "Hm."}
    answered = assemble(
        cohere_chat.decode(reply({"content": [thinking], "tool_plan": "I look.", "tool_calls": [call]}, "TOOL_CALL"))
    ).choices[0]
    asked = Message("assistant", tool_calls=answered.tool_calls, reasoning_details=answered.reasoning_details)
    sent = body(ChatRequest((say(), asked, Message("tool", (TextPart("1"),), tool_call_id="c"))))["messages"][1]
    assert (sent["content"], sent["tool_plan"]) == ([thinking], "I look.")
    assert sent["tool_calls"] == [{**call, "function": {"name": "f", "arguments": "{}"}}]


def test_thoughts_of_others_stay_behind() -> None:
    theirs = {"type": "reasoning.text", "text": "Hm.", "format": "anthropic-claude-v1"}
    asked = Message("assistant", tool_calls=(ToolCall("c", "f", "{}"),), reasoning_details=(theirs,))
    assert "content" not in body(ChatRequest((say(), asked)))["messages"][1]


def test_what_is_billed_leaves_the_template_out_and_images_stand_beside_the_prompt() -> None:
    tokens = {"input_tokens": 34, "output_tokens": 70, "image_tokens": 259, "reasoning_tokens": 20}
    usage = usage_of(tokens=tokens, billed_units={"input_tokens": 267, "output_tokens": 66}, cached_tokens=10)
    assert (usage.prompt_tokens, usage.completion_tokens) == (293, 70)
    assert usage.tokens["cache_read"] == 10
    assert usage.charged_tokens == {"input": 267, "output": 66}
    assert usage_of(tokens=tokens).charged_tokens == usage_of(tokens=tokens).tokens


@pytest.mark.parametrize(
    "broken",
    [reply(finish="BORED"), reply(finish=None), reply({"content": [{"type": "hologram"}]})],
)
def test_what_is_not_known_is_malformed_and_not_guessed(broken: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        list(cohere_chat.decode(broken))


@pytest.mark.parametrize("finish", ["ERROR", "TIMEOUT"])
def test_a_model_that_broke_off_is_an_error(finish: str) -> None:
    with pytest.raises(InStreamError):
        list(cohere_chat.decode(reply(finish=finish)))


def test_a_stream_that_ends_before_its_end_is_broken_and_new_events_say_nothing() -> None:
    with pytest.raises(MalformedReplyError):
        decode_stream(cohere_chat, [{"type": "message-start", "id": "c"}, {"type": "weather-report"}])


def test_an_error_in_a_stream_is_an_error() -> None:
    with pytest.raises(InStreamError):
        decode_stream(cohere_chat, [{"message": "no more"}])
