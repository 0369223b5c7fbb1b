"""OpenAI's dialect where a provider's fixture does not reach: what it refuses, and what others make of it."""

from dataclasses import replace
from typing import Any

import pytest
from pointsman.adapters.providers.dialects import openai_chat
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.domain.errors import RequestError
from pointsman.domain.reply import LogprobsDelta, ReplyStarted, TextDelta, UsageReported, assemble
from pointsman.domain.request import ChatRequest, MediaPart, Message, Reasoning, ResponseFormat, TextPart, ToolCall

from tests.conformance.cards import card_with
from tests.unit.providers.dialect_calls import body_for, call_for, decode_stream, say

LINKED_FILE = MediaPart("file", "application/pdf", url="https://example.com/a.pdf")
SOUND = MediaPart("audio", "audio/mpeg", base64_data="AAAA")
IMAGE = MediaPart("image", "image/png", base64_data="AAAA")


def choice(index: int = 0, **fields: Any) -> dict[str, Any]:
    return {"index": index, "finish_reason": None, **fields}


def chunk(*choices: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "c1", "model": "m", "choices": list(choices), **fields}


def whole(message: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "c1", "choices": [{"index": 0, "message": message, "finish_reason": "stop", **fields}]}


TEXT = {"type": "text", "text": "Hi"}


@pytest.mark.parametrize(
    ("row", "message", "field"),
    [
        ("groq", say("Hi", SOUND), "messages[0].content[1]"),
        ("openai", say("Hi", LINKED_FILE), "messages[0].content[1]"),
        ("groq", Message("user", (TextPart("Hi"),), name="Ann"), "messages[0].name"),
        ("openai", Message("tool", (IMAGE,), tool_call_id="c1"), "messages[0].content"),
    ],
)
def test_what_a_provider_cannot_take_is_refused_by_field(row: str, message: Message, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        body_for(openai_chat, ChatRequest((message,)), row=row)
    assert caught.value.field == field


def test_sound_goes_by_openai_s_name_of_its_format() -> None:
    body = body_for(openai_chat, ChatRequest((say("Hi", SOUND),)), row="openai")
    assert body["messages"][0]["content"][1]["input_audio"]["format"] == "mp3"


def test_parameters_that_the_card_does_not_list_are_never_sent() -> None:
    request = ChatRequest((say(),), parameters={"temperature": 0, "seed": 1}, reasoning=Reasoning("low"))
    body = body_for(openai_chat, request, row="openai", card=card_with(parameters=("seed",)))
    assert body == {"model": "a-model", "messages": [{"role": "user", "content": "Hello"}], "seed": 1}


def test_an_effort_that_the_model_does_not_have_is_refused() -> None:
    card = card_with(parameters=("reasoning_effort",), reasoning_efforts=("low", "high"))
    with pytest.raises(RequestError, match="low, high"):
        body_for(openai_chat, ChatRequest((say(),), reasoning=Reasoning("medium")), row="openai", card=card)


@pytest.mark.parametrize(("budget", "effort"), [(500, "low"), (2048, "low"), (16_000, "low"), (20_000, "high")])
def test_a_budget_becomes_the_highest_effort_within_it(budget: int, effort: str) -> None:
    card = card_with(parameters=("reasoning_effort",), reasoning_efforts=("low", "high"))
    request = ChatRequest((say(),), reasoning=Reasoning(max_tokens=budget))
    assert body_for(openai_chat, request, row="openai", card=card)["reasoning_effort"] == effort


def test_a_wish_for_reasoning_is_refused_where_the_provider_has_no_field_for_it() -> None:
    call = call_for(
        ChatRequest((say(),), reasoning=Reasoning("low")), row="zai", card=card_with(parameters=("reasoning_effort",))
    )
    with pytest.raises(RequestError) as caught:
        openai_chat.encode(replace(call, spec=replace(call.spec, reasoning="none")))
    assert caught.value.field == "reasoning"


def test_call_ids_of_other_providers_stay_paired_at_mistral() -> None:
    calls = (ToolCall("toolu_01", "f", ""), ToolCall("aB3dE6gH9", "f", "{}"))
    results = tuple(Message("tool", (TextPart("1"),), tool_call_id=call.id) for call in calls)
    request = ChatRequest((say(), Message("assistant", tool_calls=calls), *results))
    messages = body_for(openai_chat, request, row="mistral")["messages"]
    ids = [call["id"] for call in messages[1]["tool_calls"]]
    assert [message["tool_call_id"] for message in messages[2:]] == ids
    assert ids[1] == "aB3dE6gH9"
    assert len(ids[0]) == 9
    assert ids[0].isalnum()


def test_empty_arguments_are_sent_as_an_empty_object() -> None:
    request = ChatRequest((say(), Message("assistant", tool_calls=(ToolCall("c1", "f", ""),))))
    messages = body_for(openai_chat, request, row="openai")["messages"]
    assert messages[1]["tool_calls"][0]["function"]["arguments"] == "{}"


@pytest.mark.parametrize(
    "body",
    [
        whole({"content": "Hi"}, finish_reason="tired"),
        whole({"content": [{"type": "hologram"}]}),
        whole({"content": 7}),
        whole({"tool_calls": [{"id": "c1", "type": "custom", "custom": {}}]}),
        whole({"content": None}, finish_reason=None),
        whole({"content": "Hi"}, finish_reason="error"),
        {"id": "c1", "choices": []},
    ],
)
def test_what_is_not_known_is_malformed_and_not_guessed(body: dict[str, Any]) -> None:
    with pytest.raises(MalformedReplyError):
        list(openai_chat.decode(body))


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "no"}},
        {"object": "error", "message": "no"},
        whole({"content": "Hi"}, error={"message": "no"}),
    ],
)
def test_an_error_with_status_200_is_an_error(body: dict[str, Any]) -> None:
    with pytest.raises(InStreamError):
        list(openai_chat.decode(body))


def test_a_choice_without_a_reason_but_with_calls_has_called_tools() -> None:
    calls = [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]
    events = openai_chat.decode(whole({"tool_calls": calls}, finish_reason=None))
    assert assemble(events).choices[0].finish_reason == "tool_calls"


def test_choices_of_one_stream_do_not_mix() -> None:
    events = decode_stream(
        openai_chat,
        [
            chunk(choice(0, delta={"content": "a"}), choice(1, delta={"content": "x"})),
            chunk(choice(1, delta={"content": "y"}, finish_reason="length")),
            chunk(choice(0, delta={"content": "b"}, finish_reason="stop")),
        ],
    )
    assert [(c.text, c.finish_reason) for c in assemble(events).choices] == [("ab", "stop"), ("xy", "length")]


def test_a_stream_with_one_choice_unfinished_is_broken() -> None:
    chunks = [chunk(choice(0, delta={"content": "a"}, finish_reason="stop"), choice(1, delta={"content": "x"}))]
    with pytest.raises(MalformedReplyError):
        decode_stream(openai_chat, chunks)


def test_calls_that_share_an_index_are_told_apart_by_their_ids() -> None:
    def call(call_id: str | None, arguments: str) -> dict[str, Any]:
        piece = {"index": 0, "id": call_id, "function": {"name": "f", "arguments": arguments}}
        return chunk(choice(delta={"tool_calls": [piece]}))

    ended = chunk(choice(finish_reason="tool_calls"))
    events = decode_stream(openai_chat, [call("c1", "{"), call(None, "}"), call("c2", "{}"), ended])
    calls = assemble(events).choices[0].tool_calls
    assert calls == (ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}"))


def test_calls_without_ids_get_their_own() -> None:
    delta = {"tool_calls": [{"function": {"name": "f", "arguments": "{}"}}, {"function": {"name": "g"}}]}
    events = decode_stream(openai_chat, [chunk(choice(delta=delta, finish_reason="tool_calls"))])
    assert [call.id for call in assemble(events).choices[0].tool_calls] == ["call_c1_0", "call_c1_1"]


def test_azure_s_first_chunk_does_not_start_the_answer() -> None:
    filters: dict[str, Any] = {"id": "", "model": "", "choices": [], "prompt_filter_results": []}
    events = decode_stream(openai_chat, [filters, chunk(choice(delta={"content": "Hi"}, finish_reason="stop"))])
    assert events[0] == ReplyStarted("c1", "m")


def test_logprobs_come_with_their_piece() -> None:
    logprobs: dict[str, Any] = {
        "content": [{"token": "Hi", "logprob": -0.1, "bytes": None, "top_logprobs": []}],
        "refusal": None,
    }
    chunks = [chunk(choice(delta={"content": "Hi"}, logprobs=logprobs, finish_reason="stop"))]
    assert LogprobsDelta(logprobs) in decode_stream(openai_chat, chunks)


def test_a_character_may_come_in_two_halves() -> None:
    halves = ["\ud83d", "\ude00"]
    chunks = [*(chunk(choice(delta={"content": half})) for half in halves), chunk(choice(finish_reason="stop"))]
    events = decode_stream(openai_chat, chunks)
    assert [event.text for event in events if isinstance(event, TextDelta)] == halves


@pytest.mark.parametrize("text", ["{", "[]", '"no"', "nonsense"])
def test_a_chunk_that_is_no_object_is_malformed(text: str) -> None:
    with pytest.raises(MalformedReplyError):
        decode_stream(openai_chat, [text])


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 6, "total_tokens": 27}, {"input": 9, "output": 6, "reasoning": 12}),
        (
            {
                "prompt_tokens": 7,
                "completion_tokens": 1,
                "total_tokens": 8,
                "prompt_tokens_details": {"cached_tokens": 161},
            },
            {"input": 7, "cache_read": 161, "output": 1},
        ),
        (
            {
                "prompt_tokens": 300,
                "completion_tokens": 20,
                "total_tokens": 320,
                "prompt_tokens_details": {"cached_tokens": 200, "image_tokens": 256},
                "completion_tokens_details": {"audio_tokens": 12, "reasoning_tokens": 5},
            },
            {"cache_read": 200, "image_input": 100, "output": 3, "audio_output": 12, "reasoning": 5},
        ),
    ],
)
def test_token_classes_do_not_overlap(usage: dict[str, Any], tokens: dict[str, int]) -> None:
    reports = list(openai_chat.decode({**whole({"content": "Hi"}), "usage": usage}))
    told = next(event.usage for event in reports if isinstance(event, UsageReported))
    assert {kind: count for kind, count in told.tokens.items() if count} == tokens


@pytest.mark.parametrize("count", [-1, 1.5, "3", True])
def test_a_count_that_is_none_is_malformed(count: object) -> None:
    with pytest.raises(MalformedReplyError):
        list(openai_chat.decode({**whole({"content": "Hi"}), "usage": {"prompt_tokens": count}}))


def test_a_schema_s_description_travels_with_it() -> None:
    wanted = ResponseFormat("json_schema", "city", {"type": "object"}, description="A city")
    sent = body_for(openai_chat, ChatRequest((say(),), response_format=wanted), row="openai")
    assert sent["response_format"]["json_schema"] == {
        "name": "city",
        "schema": {"type": "object"},
        "description": "A city",
    }


def test_media_in_a_tool_s_result_go_where_the_row_says_so() -> None:
    request = ChatRequest((Message("tool", (TextPart("1"), IMAGE), tool_call_id="c1"),))
    content = body_for(openai_chat, request, row="openrouter")["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "image_url"]


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        ("deepseek", {"content": "Hi", "reasoning_content": "Hm"}),
        ("ollama", {"content": "Hi", "reasoning": "Hm"}),
        ("mistral", {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, TEXT]}),
        ("openai", {"content": "Hi"}),
    ],
)
def test_earlier_thoughts_go_back_in_the_provider_s_own_form(row: str, sent: Any) -> None:
    thought = {"type": "reasoning.text", "text": "Hm", "format": "unknown", "index": 0}
    history = Message("assistant", (TextPart("Hi"),), reasoning_details=(thought,))
    messages = body_for(openai_chat, ChatRequest((say(), history)), row=row)["messages"]
    assert messages[1] == {"role": "assistant", **sent}


def test_mistral_s_references_and_refusals_have_their_places() -> None:
    parts = [TEXT, {"type": "reference", "reference_ids": [1, 2]}, {"type": "refusal", "refusal": "No"}]
    (choice_,) = assemble(openai_chat.decode(whole({"content": parts}))).choices
    assert (choice_.text, choice_.refusal) == ("Hi", "No")
    assert choice_.annotations == ({"type": "reference", "reference": {"reference_ids": [1, 2]}},)
