"""Conversations of all sorts for property tests: tools, media, thoughts, settings. In no provider's words."""

import json
from typing import Any

from hypothesis import strategies as st
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

from tests.conformance.sample_requests import CITY_SCHEMA, PDF, PNG, WAV

HINT = {"type": "ephemeral"}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    str.strip
)
TEXTS = st.builds(TextPart, WORDS, st.sampled_from([None, None, HINT]))
IMAGES = st.one_of(
    st.builds(MediaPart, st.just("image"), st.just("image/png"), base64_data=st.just(PNG)),
    st.builds(MediaPart, st.just("image"), st.just("image/*"), url=st.just("https://example.com/cat.png")),
)
FILES = st.builds(
    MediaPart, st.just("file"), st.just("application/pdf"), base64_data=st.just(PDF), filename=st.just("a.pdf")
)
SOUNDS = st.builds(MediaPart, st.just("audio"), st.just("audio/wav"), base64_data=st.just(WAV))
VALUES = st.one_of(st.integers(-9, 9), WORDS, st.booleans(), st.none())
ARGUMENTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3).map(json.dumps)
TOOLS = (Tool("look", "Looks it up", CITY_SCHEMA, strict=True), Tool("act", "Acts", {"type": "object"}))
PARAMETERS: dict[str, Any] = {
    "temperature": st.sampled_from([0, 0.5, 1]),
    "top_p": st.sampled_from([0.1, 1]),
    "seed": st.integers(0, 9),
    "stop": st.lists(WORDS, min_size=1, max_size=2),
    "user": st.just("u1"),
    "n": st.integers(1, 2),
    "logprobs": st.just(True),
    "presence_penalty": st.sampled_from([-1, 0.5]),
}


@st.composite
def thoughts(draw: st.DrawFn, calls: tuple[ToolCall, ...]) -> tuple[dict[str, Any], ...]:
    """In the form of one provider, signed as that one signs."""
    form = draw(st.sampled_from(["none", "anthropic-claude-v1", "google-gemini-v1", "openai-responses-v1", "unknown"]))
    if form == "anthropic-claude-v1":
        return ({"type": "reasoning.text", "text": draw(WORDS), "signature": "c2ln", "format": form, "index": 0},)
    if form == "google-gemini-v1":
        place = {"id": calls[0].id} if calls else {}
        return ({"type": "reasoning.encrypted", "data": "Z29v", **place, "format": form, "index": 1},)
    if form == "openai-responses-v1":
        place: Any = {"id": "rs_1", "format": form, "index": 0}
        summary = {"type": "reasoning.summary", "summary": draw(WORDS), **place}
        return (summary, {"type": "reasoning.encrypted", "data": "c2Vj", **place})
    signed = draw(st.sampled_from([{}, {"signature": "c2ln"}]))
    plain = {"type": "reasoning.text", "text": draw(WORDS), **signed, "format": form, "index": 0}
    return (plain,) if form == "unknown" else ()


@st.composite
def exchanges(draw: st.DrawFn, number: int) -> list[Message]:
    """A question, and what came of it: an answer, or calls and their results."""
    parts = draw(st.lists(st.one_of(TEXTS, IMAGES, FILES, SOUNDS), min_size=1, max_size=3))
    question = Message("user", tuple(parts))
    count = draw(st.integers(0, 2))
    calls = tuple(
        ToolCall(f"call_{number}_{n}", draw(st.sampled_from(["look", "act"])), draw(ARGUMENTS)) for n in range(count)
    )
    said: list[Part] = draw(st.lists(TEXTS, min_size=0 if calls else 1, max_size=1))
    answer = Message("assistant", tuple(said), calls, reasoning_details=draw(thoughts(calls)))
    results = [_result(draw, call) for call in calls]
    return [question, answer, *results]


def _result(draw: st.DrawFn, call: ToolCall) -> Message:
    text = draw(st.one_of(WORDS, ARGUMENTS))
    return Message("tool", (TextPart(text),), tool_call_id=call.id, is_error=draw(st.booleans()))


@st.composite
def requests(draw: st.DrawFn) -> ChatRequest:
    messages = [Message(draw(st.sampled_from(["system", "developer"])), (TextPart(draw(WORDS)),))]
    messages += [message for number in range(draw(st.integers(1, 3))) for message in draw(exchanges(number))]
    if messages[-1].role == "assistant":
        messages.append(Message("user", (TextPart(draw(WORDS)),)))
    names = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=3, unique=True))
    offers = draw(st.sampled_from([True, True, False]))
    choices = st.sampled_from([None, *map(ToolChoice, ("auto", "none", "required")), ToolChoice("named", "act")])
    return ChatRequest(
        messages=tuple(messages),
        tools=TOOLS if offers else (),
        tool_choice=draw(choices) if offers else None,
        parallel_tool_calls=draw(st.sampled_from([None, True, False])) if offers else None,
        response_format=draw(
            st.sampled_from(
                [None, ResponseFormat("json_schema", "place", CITY_SCHEMA, strict=True, description="A place")]
            )
        ),
        max_output_tokens=draw(st.sampled_from([None, 4096])),
        reasoning=draw(st.sampled_from([None, Reasoning("low"), Reasoning("high")])),
        parameters={name: draw(PARAMETERS[name]) for name in names},
        stream=draw(st.booleans()),
    )
