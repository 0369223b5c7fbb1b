"""The dialect of OpenAI's Responses where its fixtures do not reach: what it refuses, and how thoughts travel."""

from typing import Any

import pytest
from pointsman.adapters.providers.dialects import openai_responses
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.domain.errors import RequestError
from pointsman.domain.reply import assemble
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

EVERYTHING = card_with(
    parameters=("n", "seed", "stop", "logprobs", "top_logprobs", "verbosity", "user", "reasoning_effort"),
    features=("reasoning",),
    reasoning_efforts=("none", "low"),
)
CALL = {"id": "fc", "type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}


def body(request: ChatRequest) -> Any:
    return body_for(openai_responses, request, row="openai", card=EVERYTHING)


def response(*output: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "r", "status": "completed", "output": list(output), "usage": {}, **fields}


def text(content: str, **fields: Any) -> dict[str, Any]:
    return {"id": "m", "type": "message", "content": [{"type": "output_text", "text": content, **fields}]}


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ChatRequest((say(),), output_modalities=("text", "audio")), "modalities"),
        (ChatRequest((say("a", MediaPart("audio", "audio/wav", base64_data="AA")),)), "messages[0].content[1]"),
        (ChatRequest((Message("user", (TextPart("a"),), name="Ann"),)), "messages[0].name"),
        (ChatRequest((say(),), parameters={"seed": 1}), "seed"),
        (ChatRequest((say(),), parameters={"stop": "END"}), "stop"),
        (ChatRequest((say(),), parameters={"n": 2}), "n"),
    ],
)
def test_what_the_interface_has_not_is_refused_by_field(request_: ChatRequest, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body(request_)
    assert caught.value.field == field


def test_parameters_stand_where_the_interface_has_them() -> None:
    wanted = {"n": 1, "logprobs": True, "top_logprobs": 2, "verbosity": "low", "user": "u"}
    sent = body(ChatRequest((say(),), parameters=wanted, response_format=ResponseFormat("json_object")))
    assert (sent["top_logprobs"], sent["user"], sent["store"]) == (2, "u", False)
    assert sent["text"] == {"format": {"type": "json_object"}, "verbosity": "low"}
    assert sent["include"] == ["reasoning.encrypted_content", "message.output_text.logprobs"]


def test_a_tool_is_strict_only_where_it_says_so() -> None:
    tools = (Tool("f"), Tool("g", "does g", strict=True))
    sent = body(ChatRequest((say(),), tools=tools, tool_choice=ToolChoice("named", "g"), parallel_tool_calls=False))
    assert [tool["strict"] for tool in sent["tools"]] == [False, True]
    assert sent["tool_choice"] == {"type": "function", "name": "g"}
    assert sent["parallel_tool_calls"] is False


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Reasoning("low"), {"effort": "low", "summary": "auto"}),
        (Reasoning("low", exclude=True), {"effort": "low"}),
        (Reasoning("none"), {"effort": "none"}),
        (None, None),
    ],
)
def test_thoughts_are_shown_where_they_are_not_excluded(wish: Reasoning | None, told: Any) -> None:
    assert body(ChatRequest((say(),), reasoning=wish)).get("reasoning") == told


def test_reasoning_items_are_sent_back_before_what_they_led_to() -> None:
    thought = {
        "id": "rs",
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "A."}, {"type": "summary_text", "text": "B."}],
        "encrypted_content": "secret",
    }
    choice = assemble(openai_responses.decode(response(thought, text("I look."), CALL))).choices[0]
    assert (choice.reasoning, choice.finish_reason) == ("A.B.", "tool_calls")
    asked = Message(
        "assistant", (TextPart(choice.text),), choice.tool_calls, reasoning_details=choice.reasoning_details
    )
    answered = Message("tool", (TextPart("7"),), tool_call_id="c1")
    _, *sent = body(ChatRequest((say(), asked, answered)))["input"]
    assert sent == [
        thought,
        {"role": "assistant", "content": [{"type": "output_text", "text": "I look."}]},
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "7"},
    ]


def test_thoughts_without_their_secret_and_those_of_others_stay_behind() -> None:
    details = (
        {"type": "reasoning.summary", "summary": "A.", "id": "rs", "format": "openai-responses-v1", "index": 0},
        {"type": "reasoning.encrypted", "data": "x", "id": "o", "format": "google-gemini-v1", "index": 0},
    )
    asked = Message("assistant", tool_calls=(ToolCall("c1", "f", ""),), reasoning_details=details)
    assert [item.get("type") for item in body(ChatRequest((say(), asked)))["input"]] == [None, "function_call"]


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "completed"},
        response(status="dreaming"),
        response(status="incomplete", incomplete_details={"reason": "boredom"}),
        response({"type": "hologram"}),
        response({"type": "message", "content": [{"type": "hologram"}]}),
    ],
)
def test_what_is_not_known_is_malformed_and_not_guessed(broken: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        list(openai_responses.decode(broken))


@pytest.mark.parametrize("failed", [response(status="failed"), response(error={"code": "server_error"})])
def test_a_failed_response_is_an_error(failed: dict[str, Any]) -> None:
    with pytest.raises(InStreamError):
        list(openai_responses.decode(failed))


def test_pictures_logprobs_citations_and_steps_of_built_in_tools_are_read() -> None:
    picture = {"type": "image_generation_call", "result": "AA", "output_format": "webp"}
    cited = text(
        "x", annotations=[{"type": "file_citation", "file_id": "f"}], logprobs=[{"token": "x", "logprob": 0.0}]
    )
    choice = assemble(openai_responses.decode(response({"type": "web_search_call"}, picture, cited))).choices[0]
    assert [(media.mime_type, media.base64_data) for media in choice.media] == [("image/webp", "AA")]
    assert choice.annotations == ({"type": "file_citation", "file_citation": {"file_id": "f"}},)
    assert choice.logprobs == ({"content": [{"token": "x", "logprob": 0.0}], "refusal": None},)


def test_tokens_are_told_apart_and_the_provider_s_cost_is_kept() -> None:
    usage = {
        "input_tokens": 40,
        "input_tokens_details": {"cached_tokens": 10, "cache_write_tokens": 5},
        "output_tokens": 12,
        "output_tokens_details": {"reasoning_tokens": 8},
        "cost_in_usd_ticks": 10_000_000,
    }
    told = assemble(openai_responses.decode(response(text("x"), usage=usage))).usage
    assert told.tokens == {"input": 25, "cache_read": 10, "cache_write": 5, "output": 4, "reasoning": 8}
    assert str(told.provider_cost_usd) == "0.0010000000"


def stream(*events: dict[str, Any]) -> Any:
    return assemble(decode_stream(openai_responses, events)).choices[0]


END = {"type": "response.completed", "response": response()}


def test_a_call_and_a_thought_that_come_whole_are_read_once() -> None:
    thought = {"type": "reasoning", "id": "rs", "content": [{"type": "reasoning_text", "text": "Hm."}]}
    choice = stream(
        {"type": "response.created", "response": {"id": "r", "model": "m"}},
        {"type": "response.output_item.done", "output_index": 0, "item": thought},
        {"type": "response.output_item.done", "output_index": 1, "item": CALL},
        {"type": "weather.report"},
        END,
    )
    assert (choice.reasoning, [call.arguments for call in choice.tool_calls], choice.finish_reason) == (
        "Hm.",
        ["{}"],
        "tool_calls",
    )


def test_citations_are_told_once_whether_they_come_alone_or_with_their_message() -> None:
    place = {"type": "url_citation", "url": "https://example.com"}
    alone = {"type": "response.output_text.annotation.added", "output_index": 0, "annotation": place}
    done = {"type": "response.output_item.done", "output_index": 0, "item": text("x", annotations=[place])}
    assert len(stream(alone, done, END).annotations) == len(stream(done, END).annotations) == 1


def test_a_refusal_is_one_and_a_stream_without_an_end_is_broken() -> None:
    refusal = {"type": "response.refusal.delta", "output_index": 0, "delta": "No."}
    assert stream(refusal, END).refusal == "No."
    with pytest.raises(MalformedReplyError):
        stream(refusal)
