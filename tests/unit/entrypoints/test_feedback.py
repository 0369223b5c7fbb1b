"""POST /generation/feedback: one grade for an answer, by the key that got it, and clear words for everything else."""

from typing import Any

import pytest

from tests.fakes import Stage, make_card, make_stage
from tests.unit.entrypoints.asking import ask

HELLO = {"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}
PATH = "/v1/generation/feedback"


@pytest.fixture
def stage() -> Stage:
    return make_stage([make_card("one")])


def test_an_answer_is_graded_once(stage: Stage) -> None:
    identity = ask(stage, "/v1/chat/completions", HELLO).json()["id"]
    body = {"generation_id": identity, "score": 0.75, "category": "incorrect_response"}
    answer = ask(stage, PATH, body)
    assert (answer.status_code, answer.json()) == (200, {"data": {"success": True}})
    assert (stage.audit.grades[identity].score_milli, stage.audit.grades[identity].category) == (
        750,
        "incorrect_response",
    )
    again = ask(stage, PATH, {**body, "score": 0})
    assert (again.status_code, again.json()["error"]["type"]) == (409, "conflict")
    assert again.json()["error"]["param"] == "generation_id"
    assert stage.audit.grades[identity].score_milli == 750


def test_what_was_not_answered_or_is_not_known_cannot_be_graded(stage: Stage) -> None:
    decided = ask(stage, "/v1/route", HELLO).json()["routing"]["id"]
    refused = ask(stage, PATH, {"generation_id": decided, "score": 1})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "generation_id")
    assert ask(stage, PATH, {"generation_id": "gen-none", "score": 1}).status_code == 404
    assert ask(stage, PATH, {"generation_id": decided, "score": 1}, headers={}).status_code == 401
    assert stage.audit.grades == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"generation_id": "gen-1"}, "score"),
        ({"score": 1}, "generation_id"),
        ({"generation_id": "gen-1", "score": 1.5}, "score"),
        ({"generation_id": "gen-1", "score": True}, "score"),
        ({"generation_id": 7, "score": 1}, "generation_id"),
        ({"generation_id": "gen-1", "score": 1, "comment": "what I asked was"}, "comment"),
    ],
)
def test_a_wrong_field_is_named(stage: Stage, body: Any, field: str) -> None:
    answer = ask(stage, PATH, body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)
