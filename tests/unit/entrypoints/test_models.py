"""GET /models: one listing that OpenAI's, OpenRouter's and Anthropic's clients all read."""

from datetime import date, timedelta

import pytest

from tests.fakes import TODAY, Stage, make_card, make_stage
from tests.unit.entrypoints.asking import ask

NAMES = ["pointsman/auto", "acme/a", "acme/b", "acme/c"]


def make_three() -> Stage:
    return make_stage([make_card("a"), make_card("b"), make_card("c"), make_card("off", enabled=False)])


def test_the_listing_serves_all_three_clients() -> None:
    listed = ask(make_three(), "/v1/models").json()
    assert [model["id"] for model in listed["data"]] == NAMES
    assert (listed["object"], listed["has_more"]) == ("list", False)
    assert (listed["first_id"], listed["last_id"]) == (NAMES[0], NAMES[-1])
    model = listed["data"][1]
    assert (model["object"], model["created"], model["owned_by"]) == ("model", 1767225600, "acme")
    assert (model["type"], model["created_at"], model["display_name"]) == ("model", "2026-01-01T00:00:00+00:00", "a")
    assert (model["context_length"], model["pricing"]["prompt"]) == (100_000, "0.000001")


@pytest.mark.parametrize(
    ("query", "names", "has_more"),
    [
        ("limit=2", NAMES[:2], True),
        ("limit=9", NAMES, False),
        ("after_id=acme/a&limit=1", ["acme/b"], True),
        ("after_id=acme/a", ["acme/b", "acme/c"], False),
        ("before_id=acme/c&limit=2", ["acme/a", "acme/b"], True),
        ("before_id=acme/c", NAMES[:3], False),
        ("after_id=acme/c", [], False),
    ],
)
def test_pages_are_turned_as_anthropics_clients_do(query: str, names: list[str], has_more: bool) -> None:
    page = ask(make_three(), f"/v1/models?{query}").json()
    assert ([model["id"] for model in page["data"]], page["has_more"]) == (names, has_more)


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=x", "limit"), ("after_id=no", "after_id"), ("before_id=", "before_id")],
)
def test_a_page_that_is_none_is_refused_by_name(query: str, field: str) -> None:
    answer = ask(make_three(), f"/v1/models?{query}")
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)


def test_one_model_is_told_by_its_id() -> None:
    listed = ask(make_three(), "/v1/models").json()["data"]
    assert ask(make_three(), "/v1/models/acme/b").json() == listed[2]
    assert ask(make_three(), "/v1/models/b").json() == listed[2]
    assert ask(make_three(), "/v1/models/auto").json() == listed[0]
    for unknown in ("acme/off", "acme/none", "none"):
        answer = ask(make_three(), f"/v1/models/{unknown}")
        assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found")
    assert ask(make_three(), "/v1/models/acme/b", headers={}).status_code == 401


@pytest.mark.parametrize(
    ("retires_on", "lifecycle"),
    [(None, "active"), (TODAY + timedelta(3650), "deprecated"), (TODAY - timedelta(1), "retired")],
)
def test_a_models_end_is_told(retires_on: date | None, lifecycle: str) -> None:
    stage = make_stage([make_card("a", retires_on=retires_on)])
    assert ask(stage, "/v1/models/acme/a").json()["lifecycle"] == lifecycle
