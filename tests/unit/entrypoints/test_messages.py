"""POST /v1/messages: whole answers, streams and errors as Anthropic's clients read them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pointsman.domain.reply import (
    AnnotationAdded,
    Finished,
    ReasoningDelta,
    RefusalDelta,
    ReplyEvent,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageReported,
)

from tests.fakes import Pause, Script, Stage, failure, make_card, make_stage
from tests.unit.entrypoints.asking import ask, events_of

HELLO: Mapping[str, Any] = {"model": "auto", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}
PATH = "/v1/messages"
USAGE = UsageReported(Usage({"input": 3, "cache_read": 2, "cache_write": 1, "output": 4, "reasoning": 5}))
THOUGHTS = (
    ReasoningDelta("h", {"type": "reasoning.text", "text": "h", "format": "f", "index": 0}),
    ReasoningDelta("m", {"type": "reasoning.text", "text": "m", "format": "f", "index": 0}),
    ReasoningDelta("", {"type": "reasoning.text", "signature": "sig", "format": "f", "index": 0}),
    ReasoningDelta("", {"type": "reasoning.encrypted", "data": "x", "format": "f", "index": 1}),
)
CALLS = (
    ToolCallDelta(0, "t0", "look_up", '{"q":'),
    ToolCallDelta(0, arguments="1}"),
    ToolCallDelta(1, "t1", "stop_it"),
)
ANSWERS: Mapping[str, tuple[ReplyEvent, ...]] = {
    "text": (TextDelta("Hel"), TextDelta("lo"), Finished("stop", "end_turn"), USAGE),
    "thoughts_and_calls": (*THOUGHTS, TextDelta("Let me see"), *CALLS, Finished("tool_calls", "tool_use"), USAGE),
    "calls_called_a_stop": (*CALLS, Finished("stop", "stop"), USAGE),
    "refusal": (RefusalDelta("No."), Finished("content_filter", "refusal"), USAGE),
    "refusal_called_a_stop": (RefusalDelta("No."), Finished("stop", "stop"), USAGE),
    "cut": (TextDelta("Hel"), Finished("length", "max_tokens"), USAGE),
    "paused": (TextDelta("Hel"), Finished("stop", "pause_turn"), USAGE),
    "cited": (
        TextDelta("It is so"),
        AnnotationAdded({"type": "url_citation", "url_citation": {"url": "https://a", "title": "A"}}),
        Finished("stop"),
        USAGE,
    ),
}


def make_one(*script: Any) -> Stage:
    return make_stage([make_card("one", features=frozenset({"tools"}))], {"acme/one": script} if script else {})


def fold(events: Any) -> dict[str, Any]:
    """The message that Anthropic's client makes of a stream, whose grammar is checked on the way."""
    assert events[0]["type"] == "message_start"
    message, is_open = events[0]["message"], False
    assert (message["content"], message["stop_reason"]) == ([], None)
    for event in events[1:-2]:
        place = len(message["content"]) - is_open
        assert event["index"] == place
        if event["type"] == "content_block_start":
            assert not is_open
            message["content"].append(event["content_block"] | {"json": ""})
        elif event["type"] == "content_block_delta":
            _extend(message["content"][place], event["delta"])
        is_open = event["type"] != "content_block_stop"
    assert not is_open
    assert [event["type"] for event in events[-2:]] == ["message_delta", "message_stop"]
    message |= events[-2]["delta"] | {"usage": events[-2]["usage"]}
    return message


def _extend(block: dict[str, Any], delta: Any) -> None:
    kind = delta["type"]
    if kind == "text_delta":
        block["text"] += delta["text"]
    elif kind == "thinking_delta":
        block["thinking"] += delta["thinking"]
    elif kind == "signature_delta":
        block["signature"] = delta["signature"]
    elif kind == "citations_delta":
        block["citations"] = [*(block["citations"] or []), delta["citation"]]
    else:
        block["json"] += delta["partial_json"]


def with_inputs(message: dict[str, Any]) -> dict[str, Any]:
    """Without the pieces of input, which are parsed as a client would."""
    for block in message["content"]:
        pieces = block.pop("json")
        if block["type"] == "tool_use":
            block["input"] = json.loads(pieces or "{}")
    return message


@pytest.mark.parametrize("name", ANSWERS)
def test_a_stream_folds_to_the_whole_answer(name: str) -> None:
    whole = ask(make_one(*ANSWERS[name]), PATH, HELLO).json()
    streamed = with_inputs(fold(events_of(ask(make_one(*ANSWERS[name]), PATH, {**HELLO, "stream": True}))))
    assert {**streamed, "id": None} == {**whole, "id": None}


def test_a_whole_answer_has_anthropics_form() -> None:
    stage = make_one(*ANSWERS["thoughts_and_calls"])
    answer = ask(stage, PATH, HELLO)
    message = answer.json()
    assert (message["type"], message["role"], message["model"]) == ("message", "assistant", "acme/one")
    assert [block["type"] for block in message["content"]] == [
        "thinking", "redacted_thinking", "text", "tool_use", "tool_use",
    ]  # fmt: skip
    assert message["content"][3] == {"type": "tool_use", "id": "t0", "name": "look_up", "input": {"q": 1}}
    assert message["content"][4]["input"] == {}
    assert message["usage"] | {"cost": 0} == {
        "input_tokens": 3,
        "cache_read_input_tokens": 2,
        "cache_creation_input_tokens": 1,
        "output_tokens": 9,
        "output_tokens_details": {"thinking_tokens": 5},
        "cost": 0,
    }
    assert answer.headers["request-id"] == message["id"] == stage.audit.records[0].subject.id


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("text", "end_turn"),
        ("calls_called_a_stop", "tool_use"),
        ("refusal", "refusal"),
        ("refusal_called_a_stop", "refusal"),
        ("cut", "max_tokens"),
        ("paused", "pause_turn"),
    ],
)
def test_each_end_has_anthropics_word(name: str, reason: str) -> None:
    message = ask(make_one(*ANSWERS[name]), PATH, HELLO).json()
    assert message["stop_reason"] == reason
    explanation = message["stop_details"] and message["stop_details"]["explanation"]
    assert explanation == ("No." if reason == "refusal" else None)


def test_omitted_thoughts_are_carried_unseen() -> None:
    body = {**HELLO, "thinking": {"type": "adaptive", "display": "omitted"}}
    for stream in (False, True):
        stage = make_one(*ANSWERS["thoughts_and_calls"])
        answer = ask(stage, PATH, {**body, "stream": stream})
        message = with_inputs(fold(events_of(answer))) if stream else answer.json()
        thinking = message["content"][0]
        assert (thinking["thinking"], thinking["signature"] != "") == ("", True)


def test_the_decision_comes_where_it_is_asked_for() -> None:
    whole = ask(make_one(), PATH, {**HELLO, "routing": {"objective": "quality"}}).json()
    assert whole["routing"]["objective"]["name"] == "quality"
    assert (
        events_of(ask(make_one(), PATH, {**HELLO, "stream": True, "routing": {}}))[-2]["routing"]["served"]
        == "acme/one"
    )


@pytest.mark.parametrize("key", [{"x-api-key": "dev"}, {"authorization": "Bearer dev"}])
@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21"])
def test_both_versions_and_both_key_headers_are_taken(key: dict[str, str], version: str) -> None:
    answer = ask(make_one(), PATH, HELLO, headers={**key, "anthropic-version": version})
    assert (answer.status_code, answer.json()["content"][0]["text"]) == (200, "Hello")


ERRORS: list[tuple[Script, Any, Any, int, str]] = [
    ((), {**HELLO, "max_tokens": 0}, {"x-api-key": "dev"}, 400, "invalid_request_error"),
    ((), HELLO, {}, 401, "authentication_error"),
    ((failure("rate_limited", retry_after_s=7),), HELLO, {"x-api-key": "dev"}, 429, "rate_limit_error"),
    ((failure("overloaded"),), HELLO, {"x-api-key": "dev"}, 503, "overloaded_error"),
    ((failure("unavailable"),), HELLO, {"x-api-key": "dev"}, 502, "api_error"),
    ((failure("unavailable"),), {**HELLO, "stream": True}, {"x-api-key": "dev"}, 502, "api_error"),
]


@pytest.mark.parametrize(("script", "body", "headers", "status", "kind"), ERRORS)
def test_errors_have_anthropics_form(script: Script, body: Any, headers: Any, status: int, kind: str) -> None:
    answer = ask(make_one(*script), PATH, body, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["type"], told["error"]["type"]) == (status, "error", kind)
    assert told["request_id"] == answer.headers["request-id"]
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    assert answer.headers.get("x-should-retry") == ("false" if script else None)


def test_a_wrong_method_and_a_shared_route_have_anthropics_form_too() -> None:
    assert ask(make_one(), PATH).json()["error"]["type"] == "invalid_request_error"
    unknown = ask(make_one(), "/v1/nothing", headers={"anthropic-version": "2023-06-01"})
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "not_found_error")


def test_a_stream_that_breaks_off_ends_with_an_error_event() -> None:
    stage = make_one(TextDelta("Hel"), failure("unavailable", status=502))
    events = events_of(ask(stage, PATH, {**HELLO, "stream": True}))
    assert [event["type"] for event in events[-2:]] == ["content_block_stop", "error"]
    assert events[-1]["error"]["type"] == "api_error"
    assert stage.audit.records[0].outcome == "interrupted"


def test_mixed_pieces_of_calls_end_a_stream_with_an_error() -> None:
    mixed = (ToolCallDelta(0, "a", "f"), ToolCallDelta(1, "b", "g"), ToolCallDelta(0, arguments="{}"), Pause(0))
    events = events_of(ask(make_one(*mixed), PATH, {**HELLO, "stream": True}))
    assert events[-1]["error"]["message"].endswith("mixed the pieces of two tool calls")


def test_tokens_are_counted_without_calling_anybody() -> None:
    stage = make_one()
    counted = ask(stage, f"{PATH}/count_tokens", {"model": "auto", "messages": HELLO["messages"], "system": "Be brief"})
    assert counted.json() == {"input_tokens": 2 + 4 + 2 + 4}
    assert (stage.providers.called, stage.audit.records) == ([], [])
    assert ask(stage, f"{PATH}/count_tokens", {"model": "auto", "messages": []}).status_code == 400
    unknown = ask(stage, f"{PATH}/count_tokens", {"model": "acme/none", "messages": HELLO["messages"]})
    assert (unknown.status_code, unknown.json()["error"]["message"]) == (
        400,
        "model: The model 'acme/none' is not in the registry.",
    )
