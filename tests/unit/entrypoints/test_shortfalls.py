"""What an answer lacks is told to every client, streamed or not, in the words of no family."""

import json
from typing import Any

import httpx
import pytest

from tests.fakes import Stage, make_card, make_stage
from tests.unit.entrypoints.asking import ask

HEADER = "x-routing-left-out-parameters"
TALK: Any = {"model": "auto", "messages": [{"role": "user", "content": "Hello"}], "temperature": 0.5, "top_p": 0.9}
BODIES: Any = {
    "/v1/chat/completions": TALK,
    "/v1/messages": {**TALK, "max_tokens": 10},
    "/v1/responses": {"model": "auto", "input": "Hello", "temperature": 0.5, "top_p": 0.9},
}
on_all = pytest.mark.parametrize(
    ("path", "streamed"), [(path, streamed) for path in BODIES for streamed in (False, True)]
)


def stage_with(*parameters: str) -> Stage:
    return make_stage([make_card("one", parameters=frozenset({"max_tokens", *parameters}))])


def routing_of(answer: httpx.Response) -> list[Any]:
    """What stands under our key, in the body or in any event."""
    if answer.headers["content-type"].startswith("application/json"):
        told = [answer.json()]
    else:
        told = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    wholes = (data.get("response", data) for data in told)
    return [whole["routing"] for whole in wholes if "routing" in whole]


@on_all
def test_parameters_left_out_are_told_in_a_header_and_at_the_end(path: str, streamed: bool) -> None:
    answer = ask(stage_with("temperature"), path, {**BODIES[path], "stream": streamed})
    assert answer.headers[HEADER] == "top_p"
    assert routing_of(answer) == [{"left_out_parameters": ["top_p"]}]


@on_all
def test_of_an_answer_that_lacks_nothing_nothing_is_told(path: str, streamed: bool) -> None:
    answer = ask(stage_with("temperature", "top_p"), path, {**BODIES[path], "stream": streamed})
    assert (HEADER in answer.headers, routing_of(answer)) == (False, [])


def test_a_fault_of_a_streamed_structure_is_told_at_the_end() -> None:
    """Nothing can be said of it in headers that have long gone."""
    stage = make_stage([make_card("one", features=frozenset({"json_schema"}))])
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    body = {**TALK, "top_p": None, "response_format": form, "stream": True}
    (routing,) = routing_of(ask(stage, "/v1/chat/completions", body))
    assert routing["structured_output"]["is_valid"] is False
