"""Pictures through POST /v1/responses: the tool that allows for them, the choice that demands them, what comes back."""

import base64
import json
from typing import Any

import pytest
from pointsman.domain.errors import RequestError
from pointsman.domain.reply import Finished, MediaProduced, Usage, UsageReported
from pointsman.domain.request import ChatRequest, MediaPart
from pointsman.entrypoints.http.openapi.bodies import PICTURE
from pointsman.entrypoints.wire.responses.request import (
    decode_responses_preferences,
    decode_responses_request,
    parse_responses_body,
)

from tests.fakes import Stage, make_card, make_stage
from tests.unit.entrypoints.asking import ask, events_of

TOOL = {"type": "image_generation", "size": "1024x1536", "quality": "low"}
SETTINGS = {"size": "1024x1536", "quality": "low"}
FUNCTION = {"type": "function", "name": "look_up"}
CHOICE = {"type": "image_generation"}
DRAWN = (MediaProduced(MediaPart("image", "image/png", base64_data=PICTURE)), Finished("stop"))
USED = UsageReported(Usage({"input": 9, "image_output": 90}))


def decode(**fields: Any) -> ChatRequest:
    body = {"model": "auto", "input": "Draw a lighthouse", **fields}
    return decode_responses_request(parse_responses_body(json.dumps(body).encode()))


def make_painter() -> Stage:
    painter = make_card(
        "painter",
        kind="image_generation",
        output_modalities=frozenset({"image"}),
        parameters=frozenset({"size", "quality"}),
    )
    return make_stage([make_card("talker"), painter], {"acme/painter": (*DRAWN, USED)})


@pytest.mark.parametrize(
    ("fields", "may", "must"),
    [
        ({}, False, False),
        ({"tools": [FUNCTION]}, False, False),
        ({"tools": [TOOL]}, True, False),
        ({"tools": [TOOL], "tool_choice": "auto"}, True, False),
        ({"tools": [TOOL], "tool_choice": "none"}, False, False),
        ({"tools": [TOOL], "tool_choice": "required"}, False, True),
        ({"tools": [TOOL], "tool_choice": CHOICE}, False, True),
        ({"tools": [TOOL, FUNCTION], "tool_choice": CHOICE}, False, True),
        ({"tools": [TOOL, FUNCTION], "tool_choice": "required"}, True, False),
    ],
)
def test_the_tool_allows_for_pictures_and_the_choice_demands_them(
    fields: dict[str, Any], may: bool, must: bool
) -> None:
    request = decode(**fields)
    assert (request.may_answer_in_media, request.output_modalities == ("image",)) == (may, must)
    assert request.picture_settings == (SETTINGS if may or must else None)
    assert [tool.name for tool in request.tools] == ["look_up"] * (FUNCTION in fields.get("tools", []))


def test_a_choice_without_its_tool_is_refused() -> None:
    with pytest.raises(RequestError) as caught:
        decode(tools=[FUNCTION], tool_choice=CHOICE)
    assert caught.value.field == "tool_choice.type"


def test_what_is_not_known_of_the_tool_is_told() -> None:
    body = {"model": "auto", "input": "Draw", "tools": [{**TOOL, "input_fidelity": "high"}]}
    preferences = decode_responses_preferences(parse_responses_body(json.dumps(body).encode()))
    assert preferences.warnings == ("tools[0].input_fidelity: not known here, ignored",)


def test_a_picture_comes_back_as_the_call_of_the_tool() -> None:
    stage = make_painter()
    body = {"model": "auto", "input": "A lighthouse", "tools": [TOOL], "tool_choice": CHOICE}
    told = ask(stage, "/v1/responses", body).json()
    (item,) = told["output"]
    assert (item["type"], item["status"], item["result"]) == ("image_generation_call", "completed", PICTURE)
    assert (told["model"], told["tools"], told["tool_choice"]) == ("acme/painter", [TOOL], CHOICE)
    (asked,) = stage.providers.requests
    assert (asked.kind, asked.parameters, asked.last_user_message.text) == (
        "image_generation",
        SETTINGS,
        "A lighthouse",
    )


def test_a_streamed_picture_is_an_item_of_its_own() -> None:
    body = {"model": "auto", "input": "A lighthouse", "tools": [TOOL], "tool_choice": CHOICE, "stream": True}
    events = events_of(ask(make_painter(), "/v1/responses", body))
    items = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    assert [(item["type"], item["result"]) for item in items] == [("image_generation_call", PICTURE)]
    assert events[-1]["response"]["output"] == items


def test_without_a_wish_in_the_words_the_tool_changes_nothing() -> None:
    stage = make_painter()
    told = ask(stage, "/v1/responses", {"model": "auto", "input": "Why is the sky blue?", "tools": [TOOL]}).json()
    assert (told["model"], stage.providers.requests[0].tools) == ("acme/talker", ())


@pytest.mark.parametrize(
    "made", [{"result": PICTURE}, {"url": f"data:image/png;base64,{PICTURE}"}, {"result": PICTURE, "url": None}]
)
def test_what_was_drawn_before_is_shown_with_the_user_s_next_words(made: dict[str, Any]) -> None:
    earlier = {"type": "image_generation_call", "id": "ig_1", "status": "completed", **made}
    request = decode(
        input=[{"role": "user", "content": "Draw a cat"}, earlier, {"role": "user", "content": "Make it red"}]
    )
    assert [message.role for message in request.messages] == ["user", "user"]
    (shown,) = request.last_user_message.media
    assert (shown.kind, shown.base64_data) == ("image", PICTURE)
    assert base64.b64decode(PICTURE).startswith(b"\x89PNG")
