"""Thoughts go back to the model they came from, and to no other."""

from typing import Any

import pytest
from pointsman.domain.reasoning_details import join_details
from pointsman.domain.reasoning_origin import count_foreign_thoughts, keep_own_thoughts, mark_thought
from pointsman.domain.reply import ReasoningDelta, TextDelta
from pointsman.domain.request import ChatRequest, Message, TextPart

CLAUDE, GEMINI = "anthropic/claude-sonnet-5-5@anthropic", "google/gemini-3.8-flash@vertex/europe-west1"
STREAMED: list[dict[str, Any]] = [
    {"type": "reasoning.text", "text": "I need ", "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.text", "text": "it.", "format": "anthropic-claude-v1", "index": 0},
    {"type": "reasoning.text", "text": "", "signature": "c2ln#bmVk", "format": "anthropic-claude-v1", "index": 0},
]
ENCRYPTED = {"type": "reasoning.encrypted", "data": "Z29v", "id": "call_1", "format": "google-gemini-v1", "index": 1}
PLAIN = {"type": "reasoning.text", "text": "Hm", "format": "unknown", "index": 0}


def marked(details: list[dict[str, Any]], origin: str) -> tuple[Any, ...]:
    events = [mark_thought(ReasoningDelta(str(detail.get("text", "")), detail), origin) for detail in details]
    return join_details(event.detail for event in events if isinstance(event, ReasoningDelta) and event.detail)


def history(*details: Any) -> ChatRequest:
    return ChatRequest((Message("user", (TextPart("Hi"),)), Message("assistant", reasoning_details=details)))


def sent(request: ChatRequest, origin: str) -> list[Any]:
    return list(keep_own_thoughts(request, origin).messages[1].reasoning_details)


@pytest.mark.parametrize("details", [STREAMED, [ENCRYPTED], [PLAIN]])
def test_thoughts_come_back_as_they_were(details: list[dict[str, Any]]) -> None:
    request = history(*marked(details, CLAUDE))
    assert sent(request, CLAUDE) == list(join_details(details))
    assert count_foreign_thoughts(request, CLAUDE) == 0


@pytest.mark.parametrize("details", [STREAMED, [ENCRYPTED], [PLAIN]])
@pytest.mark.parametrize("other", [GEMINI, CLAUDE.replace("5-5", "5"), CLAUDE.replace("@anthropic", "@bedrock")])
def test_another_model_or_endpoint_does_not_get_them(details: list[dict[str, Any]], other: str) -> None:
    request = history(*marked(details, CLAUDE))
    assert sent(request, other) == []
    assert count_foreign_thoughts(request, other) == 1


@pytest.mark.parametrize("carrier", ["signature", "id"])
def test_the_mark_survives_clients_that_send_back_only_what_they_know(carrier: str) -> None:
    detail = {"type": "reasoning.text", "text": "Hm"} | ({carrier: "s1"} if carrier == "signature" else {})
    (returned,) = marked([detail], CLAUDE)
    assert set(returned) == {"type", "text", carrier}
    assert sent(history(returned), CLAUDE) == [detail]
    assert sent(history(returned), GEMINI) == []


def test_thoughts_without_a_mark_are_for_the_dialect_to_judge() -> None:
    assert sent(history(PLAIN, ENCRYPTED), GEMINI) == [PLAIN, ENCRYPTED]


def test_other_events_and_messages_stay_as_they_are() -> None:
    assert mark_thought(TextDelta("Hi"), CLAUDE) == TextDelta("Hi")
    assert keep_own_thoughts(history(), CLAUDE) == history()
