"""POST /v1/responses: whole answers, streams and errors as OpenAI's clients read them."""

from collections.abc import Mapping
from typing import Any

import pytest
from pointsman.domain.reply import (
    AnnotationAdded,
    Finished,
    LogprobsDelta,
    MediaProduced,
    ReasoningDelta,
    RefusalDelta,
    ReplyEvent,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageReported,
)
from pointsman.domain.request import MediaPart

from tests.fakes import Script, Stage, failure, make_card, make_stage
from tests.unit.entrypoints.asking import ask, events_of

HELLO: Mapping[str, Any] = {"model": "auto", "input": "Hello"}
PATH = "/v1/responses"
USAGE = UsageReported(Usage({"input": 3, "cache_read": 2, "cache_write": 1, "output": 4, "reasoning": 5}))
THOUGHTS = (
    ReasoningDelta("h", {"type": "reasoning.text", "text": "h", "format": "f", "index": 0}),
    ReasoningDelta("m", {"type": "reasoning.text", "text": "m", "format": "f", "index": 0}),
    ReasoningDelta("", {"type": "reasoning.encrypted", "data": "x", "format": "f", "index": 1}),
)
CALLS = (
    ToolCallDelta(0, "t0", "look_up", '{"q":'),
    ToolCallDelta(0, arguments="1}"),
    ToolCallDelta(1, "t1", "stop_it"),
)
CITED = AnnotationAdded({"type": "url_citation", "url_citation": {"url": "https://a", "title": "A", "end_index": 2}})
LOGPROBS = LogprobsDelta({"content": [{"token": "Hi", "logprob": -0.1, "bytes": None}]})
ANSWERS: Mapping[str, tuple[ReplyEvent, ...]] = {
    "text": (TextDelta("Hel"), TextDelta("lo"), Finished("stop", "end_turn"), USAGE),
    "thoughts_and_calls": (*THOUGHTS, TextDelta("Let me see"), *CALLS, Finished("tool_calls", "tool_use"), USAGE),
    "refusal": (RefusalDelta("No"), RefusalDelta("."), Finished("content_filter", "refusal"), USAGE),
    "text_then_refusal": (TextDelta("Well"), RefusalDelta("No."), Finished("stop", "stop"), USAGE),
    "cut": (TextDelta("Hel"), Finished("length", "max_tokens"), USAGE),
    "cited": (TextDelta("So"), CITED, Finished("stop"), USAGE),
    "logprobs": (TextDelta("Hi"), LOGPROBS, Finished("stop"), USAGE),
    "given_up": (TextDelta("Hi"), Finished("error", "MALFORMED_RESPONSE"), USAGE),
    "image": (MediaProduced(MediaPart("image", "image/png", base64_data="aGk=")), Finished("stop"), USAGE),
}


def make_one(*script: Any) -> Stage:
    return make_stage([make_card("one", features=frozenset({"tools"}))], {"acme/one": script} if script else {})


def fold(events: Any) -> Any:
    """The last response, once every event before it was found to agree with it."""
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [event["type"] for event in events[:2]] == ["response.created", "response.in_progress"]
    response = events[-1]["response"]
    assert events[-1]["type"] == f"response.{response['status']}"
    for place, item in enumerate(response["output"]):
        mine = [event for event in events if event.get("output_index") == place]
        assert mine[0]["type"] == "response.output_item.added"
        assert (mine[0]["item"]["id"], mine[0]["item"]["status"]) == (item["id"], "in_progress")
        assert mine[-1] | {"sequence_number": 0} == {
            "type": "response.output_item.done", "output_index": place, "item": item, "sequence_number": 0,
        }  # fmt: skip
        assert all(event["item_id"] == item["id"] for event in mine[1:-1])
        _hold_deltas(item, mine)
    return response


def _hold_deltas(item: Any, events: Any) -> None:
    def joined(kind: str) -> str:
        return "".join(event["delta"] for event in events if event["type"] == f"response.{kind}.delta")

    def done(kind: str, name: str) -> list[str]:
        return [event[name] for event in events if event["type"] == f"response.{kind}.done"]

    if item["type"] == "message":
        for part in item["content"]:
            name = "text" if part["type"] == "output_text" else "refusal"
            kind = "output_text" if name == "text" else "refusal"
            assert [joined(kind)] == done(kind, name) == [part[name]]
    if item["type"] == "function_call":
        assert [joined("function_call_arguments") or "{}"] == done("function_call_arguments", "arguments")
        assert done("function_call_arguments", "arguments") == [item["arguments"]]
    if item["type"] == "reasoning":
        kind = "reasoning_summary_text"
        assert [joined(kind)] == done(kind, "text") == [part["text"] for part in item["summary"]]


@pytest.mark.parametrize("name", ANSWERS)
def test_a_stream_folds_to_the_whole_answer(name: str) -> None:
    whole = ask(make_one(*ANSWERS[name]), PATH, HELLO).json()
    response = fold(events_of(ask(make_one(*ANSWERS[name]), PATH, {**HELLO, "stream": True})))
    changing = str(response["id"])
    plain = {**response, "output": [{**item, "id": item["id"].replace(changing, "")} for item in response["output"]]}
    whole_output = [{**item, "id": item["id"].replace(whole["id"], "")} for item in whole["output"]]
    alike = {"id": None, "created_at": None}
    assert {**plain, **alike} == {**whole, "output": whole_output, **alike}


def test_a_whole_answer_has_its_items_in_order() -> None:
    stage = make_one(*ANSWERS["thoughts_and_calls"])
    answer = ask(stage, PATH, HELLO)
    response = answer.json()
    assert [item["type"] for item in response["output"]] == [
        "reasoning", "message", "function_call", "function_call",
    ]  # fmt: skip
    assert response["output"][0]["summary"] == [{"type": "summary_text", "text": "hm"}]
    assert response["output"][1]["content"][0]["text"] == "Let me see"
    assert [(call["call_id"], call["name"], call["arguments"]) for call in response["output"][2:]] == [
        ("t0", "look_up", '{"q":1}'),
        ("t1", "stop_it", "{}"),
    ]
    assert response["usage"] | {"cost": 0} == {
        "input_tokens": 6,
        "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 1},
        "output_tokens": 9,
        "output_tokens_details": {"reasoning_tokens": 5},
        "total_tokens": 15,
        "cost": 0,
    }
    assert answer.headers["x-request-id"] == response["id"] == stage.audit.records[0].subject.id


@pytest.mark.parametrize(
    ("name", "status", "why", "code"),
    [
        ("text", "completed", None, None),
        ("thoughts_and_calls", "completed", None, None),
        ("cut", "incomplete", "max_output_tokens", None),
        ("refusal", "incomplete", "content_filter", None),
        ("given_up", "failed", None, "server_error"),
    ],
)
def test_each_end_has_its_status(name: str, status: str, why: str | None, code: str | None) -> None:
    response = ask(make_one(*ANSWERS[name]), PATH, HELLO).json()
    assert response["status"] == status
    assert (response["incomplete_details"] and response["incomplete_details"]["reason"]) == why
    assert (response["error"] and response["error"]["code"]) == code


def test_what_was_asked_for_is_told_again() -> None:
    schema = {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True}
    tool = {"type": "function", "name": "f", "parameters": {"type": "object"}}
    asked = {
        "instructions": "Be brief",
        "metadata": {"a": "b"},
        "max_output_tokens": 50,
        "parallel_tool_calls": False,
        "text": {"verbosity": "low"},
        "tools": [tool],
        "tool_choice": {"type": "function", "name": "f"},
    }
    cards = [make_card("one", features=frozenset({"tools", "forced_tool_choice"}))]
    told = ask(make_stage(cards), PATH, {**HELLO, **asked}).json()
    assert {name: told[name] for name in asked} == asked | {
        "text": {"format": {"type": "text"}, "verbosity": "low"},
        "tools": [{**tool, "description": None, "strict": None}],
    }
    structured = make_stage([make_card("one", features=frozenset({"json_schema"}))])
    assert ask(structured, PATH, {**HELLO, "text": {"format": schema}}).json()["text"]["format"] == schema


def test_the_decision_comes_where_it_is_asked_for() -> None:
    events = events_of(ask(make_one(), PATH, {**HELLO, "stream": True, "routing": {"objective": "quality"}}))
    assert events[-1]["response"]["routing"]["objective"]["name"] == "quality"
    assert "routing" not in events[0]["response"]


ERRORS: list[tuple[Script, Any, int, str, str | None]] = [
    ((), {**HELLO, "input": []}, 400, "invalid_request", "input"),
    ((failure("rate_limited", retry_after_s=7),), HELLO, 429, "rate_limit_exceeded", None),
    ((failure("unavailable"),), {**HELLO, "stream": True}, 502, "provider_unavailable", None),
]


@pytest.mark.parametrize(("script", "body", "status", "kind", "param"), ERRORS)
def test_errors_have_openais_form(script: Script, body: Any, status: int, kind: str, param: str | None) -> None:
    answer = ask(make_one(*script), PATH, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["param"]) == (status, kind, param)
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    assert answer.headers.get("x-should-retry") == ("false" if script else None)


def test_a_stream_that_breaks_off_ends_with_a_failed_response() -> None:
    stage = make_one(TextDelta("Hel"), failure("rate_limited"))
    response = fold(events_of(ask(stage, PATH, {**HELLO, "stream": True})))
    assert (response["status"], response["error"]["code"]) == ("failed", "rate_limit_exceeded")
    assert (response["output"][0]["status"], response["usage"]["output_tokens"] > 0) == ("incomplete", True)
    assert stage.audit.records[0].outcome == "interrupted"


def test_mixed_pieces_of_calls_end_a_stream_with_an_error() -> None:
    mixed = (ToolCallDelta(0, "a", "f"), ToolCallDelta(1, "b", "g"), ToolCallDelta(0, arguments="{}"))
    last = events_of(ask(make_one(*mixed), PATH, {**HELLO, "stream": True}))[-1]
    assert (last["type"], last["code"], last["error"]["code"]) == ("error", "server_error", 502)
