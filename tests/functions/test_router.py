"""API Gateway's events in, its replies out: status, body, and one audit record for each request of a known caller."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pointsman.domain.registry import Registry
from pointsman.domain.request import ModelKind

from tests.functions.expected import EXPECTED
from tests.functions.fakes import Function, load_event

EVENTS = Path(__file__).parents[2] / "events"


def _completion(function: Function, name: str) -> dict[str, Any]:
    return json.loads(function.invoke(load_event(name))["body"])


def test_every_event_of_the_router_is_expected_here() -> None:
    assert {path.stem for path in EVENTS.glob("router_*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_each_event_has_its_status_and_exactly_its_audit_record(function: Function, name: str) -> None:
    expected = EXPECTED[name]
    assert function.invoke(load_event(name))["statusCode"] == expected.status
    outcomes = [record.outcome for record in function.audit.records]
    assert outcomes == ([] if expected.outcome is None else [expected.outcome])
    assert function.meter.records == function.audit.records


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected.error_type])
def test_an_error_names_its_type_and_the_field(function: Function, name: str) -> None:
    error = _completion(function, name)["error"]
    expected = EXPECTED[name]
    assert (error["type"], error["code"]) == (expected.error_type, expected.status)
    assert error["param"] == expected.param


def test_an_answer_names_the_model_that_served(function: Function, registry: Registry) -> None:
    completion = _completion(function, "router_text")
    assert registry.card(completion["model"]) is not None
    assert completion["choices"][0]["message"]["content"] == f"I am {completion['model']}."
    assert completion["usage"]["total_tokens"] == 17


def test_the_audit_record_belongs_to_the_answer_and_holds_no_prompt(function: Function) -> None:
    completion = _completion(function, "router_text")
    (record,) = function.audit.records
    assert record.subject.id == completion["id"]
    assert record.subject.prompt_chars > 0
    assert "sky" not in repr(record.subject)


def test_a_stream_ends_with_usage_and_done(function: Function) -> None:
    reply = function.invoke(load_event("router_stream"))
    assert reply["headers"]["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in reply["body"].splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    assert json.loads(lines[-2])["usage"]["total_tokens"] == 17


PDF, SOUND = "data:application/pdf;base64,JVBERi0xLjQK", {"data": "UklGRg==", "format": "wav"}
MEDIA: list[tuple[str, str, Any]] = [
    ("image", "chat/completions", {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}),
    ("audio", "chat/completions", {"type": "input_audio", "input_audio": SOUND}),
    ("video", "chat/completions", {"type": "video_url", "video_url": {"url": "https://a.example/b.mp4"}}),
    ("file", "chat/completions", {"type": "file", "file": {"filename": "a.pdf", "file_data": PDF}}),
    ("image", "messages", {"type": "image", "source": {"type": "url", "url": "https://a.example/b.png"}}),
    ("file", "messages", {"type": "document", "source": {"type": "url", "url": "https://a.example/b.pdf"}}),
    ("image", "responses", {"type": "input_image", "image_url": "https://a.example/b.png"}),
    ("audio", "responses", {"type": "input_audio", "input_audio": SOUND}),
    ("file", "responses", {"type": "input_file", "filename": "a.pdf", "file_data": PDF}),
]


@pytest.mark.parametrize("objective", ["cost", "quality", "latency"])
@pytest.mark.parametrize(("medium", "path", "part"), MEDIA)
def test_a_medium_only_ever_reaches_models_that_take_it(
    function: Function, medium: str, path: str, part: Any, objective: str
) -> None:
    said = [{"role": "user", "content": [part]}]
    body = {"model": "auto", "max_tokens": 50, "messages": said, "input": said, "routing": {"objective": objective}}
    event = load_event("router_text")
    reply = function.invoke({**event, "path": f"/v1/{path}", "body": json.dumps(body)})
    assert reply["statusCode"] == 200
    (record,) = function.audit.records
    assert record.decision is not None
    assert len(record.decision.order) > 1
    assert all(medium in prediction.candidate.card.input_modalities for prediction in record.decision.order)


def test_a_tool_call_comes_back_as_one(function: Function) -> None:
    choice = _completion(function, "router_tools")["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["tool_calls"][0]["function"]["name"] == "get_weather"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("router_embeddings", "embeddings"),
        ("router_image_generation", "image_generation"),
        ("router_image_edit", "image_generation"),
        ("router_speech", "speech"),
        ("router_transcription", "transcription"),
        ("router_video", "video_generation"),
    ],
)
def test_each_medium_goes_to_a_model_that_makes_it(
    function: Function, registry: Registry, name: str, kind: ModelKind
) -> None:
    function.invoke(load_event(name))
    (record,) = function.audit.records
    assert record.served is not None
    assert (record.served.candidate.card.kind, record.cost_usd > 0) == (kind, True)


def test_a_video_that_was_ordered_can_be_asked_for_and_fetched(function: Function) -> None:
    video = _completion(function, "router_video")
    event = load_event("router_unknown_video")
    asked = {**event, "path": f"/v1/videos/{video['id']}"}
    assert json.loads(function.invoke(asked)["body"])["status"] == "completed"
    film = function.invoke({**asked, "path": f"{asked['path']}/content"})
    assert base64.b64decode(film["body"]) == b"op/1"


def test_sound_leaves_as_the_bytes_that_it_is(function: Function) -> None:
    reply = function.invoke(load_event("router_speech"))
    assert (reply["headers"]["content-type"], reply["isBase64Encoded"]) == ("audio/mpeg", True)
    assert base64.b64decode(reply["body"]) == b"hi"


def test_anthropic_s_clients_are_answered_in_their_own_words(function: Function) -> None:
    assert _completion(function, "router_messages")["type"] == "message"
    refusal = _completion(function, "router_messages_without_limit")
    assert (refusal["type"], refusal["error"]["details"]["param"]) == ("error", "max_tokens")


def test_the_ledger_and_the_metadata_come_where_they_are_asked_for(function: Function) -> None:
    asked = _completion(function, "router_ledger")
    assert asked["routing"]["objective"]["name"] == "quality"
    assert asked["openrouter_metadata"]["requested"] == "openrouter/auto"
    assert not _completion(function, "router_text").keys() & {"routing", "openrouter_metadata"}


def test_a_decision_alone_calls_nobody(function: Function) -> None:
    routing = _completion(function, "router_decision")["routing"]
    assert routing["outcome"] == "decided"
    assert routing["attempts"] == []


def test_the_handler_serves_one_invocation_after_another(function: Function) -> None:
    for _ in range(3):
        assert function.invoke(load_event("router_text"))["statusCode"] == 200
    assert len({record.subject.id for record in function.audit.records}) == 3


def test_where_the_function_s_time_is_nearly_over_nobody_is_called_and_the_caller_told(function: Function) -> None:
    reply = function.invoke(load_event("router_text"), seconds=3.5)
    assert reply["statusCode"] == 504
    assert json.loads(reply["body"])["error"]["type"] == "timeout"
    assert [(record.outcome, record.attempts) for record in function.audit.records] == [("failed", ())]
