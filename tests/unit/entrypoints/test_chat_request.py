"""From the wire's body to the request: every kind of part is taken, every fault names its field."""

import base64
import json
import struct
import zlib
from typing import Any

import pytest
from pointsman.domain.errors import RequestError
from pointsman.domain.request import ChatRequest, MediaPart, TextPart, ToolCall, ToolChoice
from pointsman.entrypoints.wire.chat.request import decode_chat_request, parse_chat_body

TOOL: dict[str, Any] = {"type": "function", "function": {"name": "look_up"}}


def decode(*messages: Any, **more: Any) -> ChatRequest:
    body = {"model": "auto", "messages": messages or [{"role": "user", "content": "x"}], **more}
    return decode_chat_request(parse_chat_body(json.dumps(body).encode()))


def decode_part(part: Any) -> Any:
    ((decoded,),) = [message.parts for message in decode({"role": "user", "content": [part]}).messages]
    return decoded


def png(width: int, height: int) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")
    return base64.b64encode(content).decode()


def test_an_inline_image_is_measured() -> None:
    part = decode_part({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{png(3, 2)}"}})
    assert isinstance(part, MediaPart)
    assert part.facts is not None
    assert (part.kind, part.mime_type, part.url) == ("image", "image/png", None)
    assert (part.facts.width_px, part.facts.height_px) == (3, 2)


def test_an_address_is_passed_on_as_it_is() -> None:
    part = decode_part({"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "low"}})
    assert (part.url, part.base64_data, part.detail) == ("https://example.org/a.png", None, "low")


@pytest.mark.parametrize(
    ("part", "kind", "mime"),
    [
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}, "audio", "audio/wav"),
        ({"type": "video_url", "video_url": {"url": "data:video/webm;base64,AAAA"}}, "video", "video/webm"),
        ({"type": "file", "file": {"file_data": "data:application/pdf;base64,AAAA"}}, "file", "application/pdf"),
    ],
)
def test_other_media_keep_their_kind_type_and_data(part: Any, kind: str, mime: str) -> None:
    decoded = decode_part(part)
    assert (decoded.kind, decoded.mime_type, decoded.base64_data, decoded.facts.bytes) == (kind, mime, "AAAA", 3)


def test_pages_of_a_file_are_counted() -> None:
    data = base64.b64encode(b"<< /Type /Pages >> << /Type /Page >> << /Type/Page >>").decode()
    part = decode_part({"type": "file", "file": {"file_data": f"data:application/pdf;base64,{data}", "filename": "a"}})
    assert (part.facts.pages, part.filename) == (2, "a")


def test_text_keeps_its_cache_mark() -> None:
    mark = {"type": "ephemeral"}
    assert decode_part({"type": "text", "text": "x", "cache_control": mark}) == TextPart("x", mark)


def test_cache_marks_are_kept_wherever_they_stand() -> None:
    mark = {"type": "ephemeral"}
    image = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}, "cache_control": mark}
    file = {"type": "file", "file": {"file_data": "https://example.org/a.pdf"}, "cache_control": mark}
    request = decode(
        {"role": "user", "content": [image, file]}, tools=[{**TOOL, "cache_control": mark}], cache_control=mark
    )
    marked = [*request.messages[0].parts, *request.tools, request]
    assert [each.cache_control for each in marked] == [mark] * 4


def test_null_says_nothing() -> None:
    nulls = dict.fromkeys(("tools", "stream", "temperature", "stop", "response_format", "models", "n"))
    assert decode(**nulls) == decode()


def test_a_turn_of_tools_keeps_its_calls_and_results() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": '{"a":1}'}}
    _, turn, result = decode(
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "found"},
        tools=[TOOL],
    ).messages
    assert (turn.parts, turn.tool_calls) == ((), (ToolCall("c1", "look_up", '{"a":1}'),))
    assert (result.role, result.tool_call_id, result.parts) == ("tool", "c1", (TextPart("found"),))


def test_a_choice_of_tool_is_kept() -> None:
    named = {"type": "function", "function": {"name": "look_up"}}
    assert decode(tools=[TOOL], tool_choice=named).tool_choice == ToolChoice("named", "look_up")
    assert decode(tools=[TOOL], tool_choice="required").tool_choice == ToolChoice("required")
    assert decode().tool_choice is None


@pytest.mark.parametrize(
    ("reasoning", "effort"), [({"enabled": False}, "none"), ({"enabled": True}, "medium"), ({"effort": "low"}, "low")]
)
def test_reasoning_is_read_in_every_form(reasoning: Any, effort: str) -> None:
    decoded = decode(reasoning=reasoning).reasoning
    assert decoded is not None
    assert decoded.effort == effort


def test_either_name_bounds_the_answer() -> None:
    assert decode(max_tokens=5).max_output_tokens == decode(max_completion_tokens=5).max_output_tokens == 5
    assert decode(max_tokens=5, max_completion_tokens=5).max_output_tokens == 5


def user(*parts: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, *parts]}]}


def image(url: object) -> dict[str, Any]:
    return user({"type": "image_url", "image_url": {"url": url}})


URL = "messages[0].content[1].image_url.url"
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"model": None}, "model"),
    ({"model": ""}, "model"),
    ({"messages": "x"}, "messages"),
    ({"messages": [{"content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": "user"}]}, "messages[0].content"),
    ({"messages": [{"role": "user", "content": []}]}, "messages[0].content"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].tool_call_id"),
    (user({"type": "hologram"}), "messages[0].content[1].type"),
    (user({"type": "image_url"}), "messages[0].content[1].image_url"),
    (image(5), URL),
    (image("ftp://example.org/a.png"), URL),
    (image("data:image/png,abc"), URL),
    (image("data:image/png;base64,@@@"), URL),
    (image("data:image/png;base64,"), URL),
    (image("data:image/png;base64,AAAA"), URL),
    (
        user({"type": "input_audio", "input_audio": {"data": "@", "format": "wav"}}),
        "messages[0].content[1].input_audio.data",
    ),
    (user({"type": "file", "file": {"file_data": "x"}}), "messages[0].content[1].file.file_data"),
    ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].function.name"),
    ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "none"}}}, "tool_choice.function.name"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"max_tokens": 1, "max_completion_tokens": 2}, "max_tokens"),
    ({"max_tokens": 0}, "max_tokens"),
    ({"temperature": "0.5"}, "temperature"),
    ({"top_p": True}, "top_p"),
    ({"frequency_penalty": "1"}, "frequency_penalty"),
    ({"logit_bias": {"50256": "5"}}, "logit_bias.50256"),
    ({"logit_bias": {"50256": True}}, "logit_bias.50256"),
    ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
    ({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}, "response_format.json_schema.schema"),
    ({"routing": {"min_quality": 2}}, "routing.min_quality"),
    ({"plugins": [{"id": "auto-router", "cost_quality_tradeoff": 11}]}, "plugins[0].cost_quality_tradeoff"),
]


@pytest.mark.parametrize(("change", "field"), FAULTS)
def test_a_fault_names_its_field(change: dict[str, Any], field: str) -> None:
    body = {"model": "auto", "messages": [{"role": "user", "content": "x"}], **change}
    with pytest.raises(RequestError) as raised:
        decode_chat_request(parse_chat_body(json.dumps(body).encode()))
    assert raised.value.field == field


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"5", b"[" * 100_000])
def test_what_is_no_json_object_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(RequestError) as raised:
        parse_chat_body(content)
    assert raised.value.field is None
