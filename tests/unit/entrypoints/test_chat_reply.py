"""A whole answer's body: every kind of content has its place, and what is absent is not there."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
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
from pointsman.entrypoints.http.app import create_app

from tests.fakes import make_card, make_stage

BODY = json.dumps({"model": "auto", "messages": [{"role": "user", "content": "Hello"}]})
KEY = {"authorization": "Bearer dev"}
USAGE = Usage({"input": 3, "cache_read": 2, "cache_write": 1, "output": 4, "reasoning": 5})


def complete(*events: ReplyEvent) -> dict[str, Any]:
    stage = make_stage([make_card("one")], {"acme/one": [*events, UsageReported(USAGE)]})

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(stage.router))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=KEY) as client:
            return await client.post("/v1/chat/completions", content=BODY)

    return asyncio.run(call()).json()


def message_of(*events: ReplyEvent) -> Mapping[str, Any]:
    (choice,) = complete(*events, Finished("stop"))["choices"]
    return choice["message"]


def test_a_call_of_a_tool_is_joined_and_stands_without_text() -> None:
    pieces = [ToolCallDelta(0, "c1", "look_up", '{"a"'), ToolCallDelta(0, arguments=":1}")]
    body = complete(*pieces, ToolCallDelta(1, "c2", "list"), Finished("tool_calls", "tool_use"))
    (choice,) = body["choices"]
    assert (choice["finish_reason"], choice["native_finish_reason"]) == ("tool_calls", "tool_use")
    assert choice["message"]["content"] is None
    assert [(call["id"], call["type"], call["function"]) for call in choice["message"]["tool_calls"]] == [
        ("c1", "function", {"name": "look_up", "arguments": '{"a":1}'}),
        ("c2", "function", {"name": "list", "arguments": "{}"}),
    ]


def test_a_refusal_stands_without_text() -> None:
    assert message_of(RefusalDelta("I "), RefusalDelta("won't")) == {
        "role": "assistant",
        "content": None,
        "refusal": "I won't",
    }


def test_thoughts_come_as_text_and_in_detail() -> None:
    message = message_of(ReasoningDelta("hm", {"type": "reasoning.text", "text": "hm"}), TextDelta("a"))
    assert (message["content"], message["reasoning"]) == ("a", "hm")
    (thought,) = message["reasoning_details"]
    assert (thought["type"], thought["text"]) == ("reasoning.text", "hm")


@pytest.mark.parametrize(
    ("picture", "url"),
    [
        (MediaPart("image", "image/png", base64_data="AAAA"), "data:image/png;base64,AAAA"),
        (MediaPart("image", "image/png", url="https://example.org/a.png"), "https://example.org/a.png"),
    ],
)
def test_a_picture_comes_as_an_address(picture: MediaPart, url: str) -> None:
    assert message_of(TextDelta("a"), MediaProduced(picture))["images"] == [
        {"type": "image_url", "image_url": {"url": url}}
    ]


def test_citations_and_logprobs_have_their_places() -> None:
    cited = {"type": "url_citation", "url_citation": {"url": "https://example.org"}}
    tokens = [LogprobsDelta({"content": [{"token": name, "logprob": -0.1}]}) for name in "ab"]
    (choice,) = complete(TextDelta("ab"), *tokens, AnnotationAdded(cited), Finished("stop"))["choices"]
    whole = {"url": "https://example.org", "title": "", "start_index": 0, "end_index": 0}
    assert choice["message"]["annotations"] == [{"type": "url_citation", "url_citation": whole}]
    assert [entry["token"] for entry in choice["logprobs"]["content"]] == ["a", "b"]


def test_several_answers_come_in_order_with_their_own_ends() -> None:
    choices = complete(
        TextDelta("second", choice=1), TextDelta("first"), Finished("length", choice=1), Finished("stop")
    )["choices"]
    told = [(choice["index"], choice["message"]["content"], choice["finish_reason"]) for choice in choices]
    assert told == [(0, "first", "stop"), (1, "second", "length")]


def test_usage_and_its_cost_sum_up() -> None:
    usage = complete(TextDelta("a"), Finished("stop"))["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (6, 9, 15)
    assert usage["prompt_tokens_details"] == {"cached_tokens": 2, "cache_write_tokens": 1, "audio_tokens": 0}
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 5
    assert sum(usage["cost_details"].values()) == pytest.approx(usage["cost"]) == pytest.approx(6e-6 + 9 * 10e-6)
