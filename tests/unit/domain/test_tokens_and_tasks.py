"""What is estimated of a request before anybody counts: its tokens, and the task that its media leave possible."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.request import ChatRequest, MediaFacts, MediaPart, Message, Modality, TextPart, Tool, ToolCall
from pointsman.domain.task import likeliest_task, weigh_tasks
from pointsman.domain.tokens import (
    LARGEST_IMAGE_TOKENS,
    TOKENS_OF_UNKNOWN_MEDIA,
    TOKENS_PER_MESSAGE,
    estimate_media_tokens,
    estimate_prompt_tokens,
    estimate_text_tokens,
)

LABELS = ("chat_qa", "image_analysis", "audio_analysis")
TEXT_ONLY: frozenset[Modality] = frozenset({"text"})


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("日本語", 3), ("\ud800", 1)]
)
def test_text_takes_a_token_for_every_four_bytes(text: str, tokens: int) -> None:
    assert estimate_text_tokens(text) == tokens


@pytest.mark.parametrize(
    ("kind", "facts", "tokens"),
    [
        ("image", MediaFacts(width_px=750, height_px=100), 100),
        ("image", MediaFacts(width_px=9_000, height_px=9_000), LARGEST_IMAGE_TOKENS),
        ("file", MediaFacts(pages=3), 774),
        ("audio", MediaFacts(duration_ms=2_500), 80),
        ("video", MediaFacts(duration_ms=2_000), 526),
        ("image", MediaFacts(), TOKENS_OF_UNKNOWN_MEDIA),
    ],
)
def test_media_take_tokens_by_what_their_header_says(kind: Modality, facts: MediaFacts, tokens: int) -> None:
    part = MediaPart(kind, "application/octet-stream", base64_data="", facts=facts)
    assert estimate_media_tokens(part) == tokens


def test_a_prompt_counts_text_calls_tools_and_framing() -> None:
    spoken = ChatRequest(messages=(Message("user", (TextPart("12345678"),)),))
    called = Message("assistant", tool_calls=(ToolCall("c1", "look", '{"a":1}'),))
    assert estimate_prompt_tokens(spoken) == 2 + TOKENS_PER_MESSAGE
    assert estimate_prompt_tokens(ChatRequest(messages=(called,))) == 3 + TOKENS_PER_MESSAGE
    with_tool = ChatRequest(messages=spoken.messages, tools=(Tool("look", parameters={}),))
    assert estimate_prompt_tokens(with_tool) == estimate_prompt_tokens(spoken) + 2


@settings(max_examples=60)
@given(st.text(), st.text())
def test_more_text_never_takes_fewer_tokens(one: str, other: str) -> None:
    assert estimate_text_tokens(one + other) >= max(estimate_text_tokens(one), estimate_text_tokens(other))


def test_a_task_on_media_that_are_not_there_is_impossible() -> None:
    weighed = weigh_tasks((300, 600, 100), LABELS, TEXT_ONLY)
    assert weighed == (1000, 0, 0)
    assert likeliest_task(weighed, LABELS) == "chat_qa"


def test_what_is_attached_is_mostly_meant() -> None:
    weighed = weigh_tasks((700, 200, 100), LABELS, frozenset({"text", "image"}))
    assert likeliest_task(weighed, LABELS) == "image_analysis"
    assert weighed[2] == 0


def test_a_picture_does_not_drown_a_plain_other_task() -> None:
    weighed = weigh_tasks((990, 9, 1), LABELS, frozenset({"text", "image"}))
    assert likeliest_task(weighed, LABELS) == "chat_qa"


def test_tools_speak_for_their_use_and_their_absence_a_little_against_it() -> None:
    labels: tuple[str, ...] = ("chat_qa", "agentic_tool")
    assert likeliest_task(weigh_tasks((700, 300), labels, frozenset({"text", "tools"})), labels) == "agentic_tool"
    assert likeliest_task(weigh_tasks((400, 600), labels, TEXT_ONLY), labels) == "chat_qa"
    assert likeliest_task(weigh_tasks((100, 900), labels, TEXT_ONLY), labels) == "agentic_tool"


def test_where_only_the_impossible_is_left_the_reading_stays_as_it_was() -> None:
    assert weigh_tasks((0, 900, 100), LABELS, TEXT_ONLY) == (0, 900, 100)


def test_without_labels_the_task_is_unknown() -> None:
    assert likeliest_task((), ()) == "unknown"
