"""The Responses body in the domain's words: items become turns, and what needs a memory is refused by name."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ChatRequest, MediaPart, Message, Reasoning, TextPart, ToolCall, ToolChoice
from pointsman.entrypoints.wire.responses.items import encode_reasoning_item
from pointsman.entrypoints.wire.responses.request import (
    decode_responses_preferences,
    decode_responses_request,
    parse_responses_body,
)

HELLO: Mapping[str, Any] = {"model": "auto", "input": "Hello"}
TOOL = {"type": "function", "name": "look_up", "description": "Looks up.", "strict": True}


def decode(**fields: Any) -> ChatRequest:
    return decode_responses_request(parse_responses_body(json.dumps({**HELLO, **fields}).encode()))


def turns(*items: Any) -> tuple[Message, ...]:
    return decode(input=list(items)).messages


def test_a_plain_request_keeps_its_settings() -> None:
    request = decode(
        instructions="Be brief",
        temperature=0.5,
        max_output_tokens=7,
        text={"verbosity": "low"},
        include=["message.output_text.logprobs"],
        user="u",
    )
    assert [(message.role, message.text) for message in request.messages] == [("system", "Be brief"), ("user", "Hello")]
    assert request.max_output_tokens == 7
    assert request.parameters == {"temperature": 0.5, "user": "u", "verbosity": "low", "logprobs": True}


def test_what_a_model_said_in_several_items_is_one_turn() -> None:
    messages = turns(
        {"role": "developer", "content": "Be brief"},
        {"role": "user", "content": [{"type": "input_text", "text": "Look"}]},
        {
            "type": "reasoning",
            "id": "rs",
            "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "x",
        },
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Wait", "annotations": []}],
        },
        {"type": "function_call", "call_id": "c1", "name": "look_up", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "look_up", "arguments": '{"a":1}'},
        {"type": "function_call_output", "call_id": "c1", "output": "one"},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "two"}]},
        {"role": "assistant", "content": "Done"},
    )
    place = {"format": "openai-responses-v1", "id": "rs", "index": 0}
    assert messages == (
        Message("developer", (TextPart("Be brief"),)),
        Message("user", (TextPart("Look"),)),
        Message(
            "assistant",
            (TextPart("Wait"),),
            (ToolCall("c1", "look_up", "{}"), ToolCall("c2", "look_up", '{"a":1}')),
            reasoning_details=(
                {"type": "reasoning.summary", "summary": "hm", **place},
                {"type": "reasoning.encrypted", "data": "x", **place},
            ),
        ),
        Message("tool", (TextPart("one"),), tool_call_id="c1"),
        Message("tool", (TextPart("two"),), tool_call_id="c2"),
        Message("assistant", (TextPart("Done"),)),
    )


def test_any_providers_thoughts_come_back_as_they_went() -> None:
    details: list[JsonObject] = [
        {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1", "index": 0},
        {"type": "reasoning.encrypted", "data": "x", "format": "google-gemini-v1", "index": 1},
    ]
    (message,) = turns(encode_reasoning_item("rs_1", "hm", details))
    assert message.reasoning_details == tuple(details)


def test_media_and_files_are_taken() -> None:
    (message,) = turns(
        {
            "role": "user",
            "content": [
                {"type": "input_image", "image_url": "https://a/b.png", "detail": "low"},
                {"type": "input_file", "file_url": "https://a/b.pdf", "filename": "b.pdf"},
                {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}},
            ],
        }
    )
    image, file, sound = message.parts
    assert image == MediaPart("image", "image/*", url="https://a/b.png", detail="low")
    assert file == MediaPart("file", "application/pdf", url="https://a/b.pdf", filename="b.pdf")
    assert isinstance(sound, MediaPart)
    assert (sound.kind, sound.mime_type) == ("audio", "audio/wav")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", ToolChoice("auto")),
        ("required", ToolChoice("required")),
        ({"type": "function", "name": "look_up"}, ToolChoice("named", "look_up")),
    ],
)
def test_each_tool_choice_is_understood(choice: Any, expected: ToolChoice) -> None:
    request = decode(tools=[TOOL], tool_choice=choice, parallel_tool_calls=False)
    assert (request.tool_choice, request.parallel_tool_calls) == (expected, False)
    assert (request.tools[0].name, request.tools[0].strict) == ("look_up", True)


@pytest.mark.parametrize(
    ("asked", "reasoning"),
    [
        (None, None),
        ({"summary": "auto"}, None),
        ({"effort": "low"}, Reasoning("low")),
        ({"max_tokens": 9}, Reasoning(None, 9)),
    ],
)
def test_how_much_to_think_is_understood(asked: Any, reasoning: Reasoning | None) -> None:
    assert decode(reasoning=asked).reasoning == reasoning


def test_each_format_is_understood() -> None:
    schema = decode(text={"format": {"type": "json_schema", "name": "n", "schema": {}, "strict": True}}).response_format
    assert schema is not None
    assert (schema.kind, schema.name, schema.schema, schema.strict) == ("json_schema", "n", {}, True)
    plain = decode(text={"format": {"type": "json_object"}}).response_format
    assert plain is not None
    assert plain.kind == "json_object"


IMAGE = {"type": "input_image", "image_url": "data:image/png;base64,@@"}
REFUSED: list[tuple[Any, str]] = [
    ({"previous_response_id": "resp_1"}, "previous_response_id"),
    ({"conversation": "conv_1"}, "conversation"),
    ({"background": True}, "background"),
    ({"prompt": {"id": "p"}}, "prompt"),
    ({"truncation": "auto"}, "truncation"),
    ({"input": ""}, "input"),
    ({"max_output_tokens": "5"}, "max_output_tokens"),
    ({"top_logprobs": True}, "top_logprobs"),
    ({"store": "no"}, "store"),
    ({"input": [{"role": "user", "content": ""}]}, "input[0].content"),
    ({"input": [{"role": "user", "content": [IMAGE]}]}, "input[0].content[0].image_url"),
    ({"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]}, "input[0].content[0]"),
    ({"input": [{"role": "wizard", "content": "x"}]}, "input[0].role"),
    ({"input": [{"type": "item_reference", "id": "x"}]}, "input[0].type"),
    ({"input": [{"type": "reasoning", "encrypted_content": "pointsman1.e30="}]}, "input[0].encrypted_content"),
    ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"tool_choice": {"type": "function", "name": "f"}}, "tool_choice.name"),
]


@pytest.mark.parametrize(("fields", "field"), REFUSED)
def test_what_cannot_be_taken_is_named(fields: Any, field: str) -> None:
    with pytest.raises(RequestError) as raised:
        decode(**fields)
    assert raised.value.field == field


def test_what_is_ignored_is_told() -> None:
    body = {**HELLO, "store": True, "include": ["file_search_call.results"], "max_tool_calls": 3}
    warnings = decode_responses_preferences(parse_responses_body(json.dumps(body).encode())).warnings
    assert [warning.partition(":")[0] for warning in warnings] == ["max_tool_calls", "store", "include"]
