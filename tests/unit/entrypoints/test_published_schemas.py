"""What we answer is of the form that OpenAI has published, streams and errors included."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.fakes import Stage, failure, make_card, make_stage
from tests.unit.entrypoints import test_responses
from tests.unit.entrypoints.asking import ask

DOCUMENT = Path(__file__).parents[3].parent / "shared" / "data" / "openapi" / "openai-openapi.json"
pytestmark = pytest.mark.skipif(
    not DOCUMENT.is_file(), reason="OpenAI's published document (../shared/data/openapi) is not on this machine"
)
# Citations of the web have a place in both; those that Anthropic makes within a document have none.
ANSWERS = {name: script for name, script in test_responses.ANSWERS.items() if name != "image"}
CHAT: Any = {"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}
RESPONSES: Any = {"model": "auto", "input": "Hello"}


# Of the published schema OpenAI's own chunks fail as well: each but the last says null here. The other is OpenRouter's
# word for an answer that a provider gave up, of which OpenAI has none.
BY_DESIGN = (
    "$.choices[0].finish_reason: None is not of type 'string'",
    "$.choices[0].finish_reason: None is not one of",
    "$.choices[0].finish_reason: 'error' is not one of",
)


@cache
def validator(name: str) -> Any:
    components = json.loads(DOCUMENT.read_text(encoding="utf-8"))["components"]
    schema: Any = {"$ref": f"#/components/schemas/{name}", "components": components}
    return Draft202012Validator(schema)


def faults(name: str, told: Any) -> list[str]:
    found = (f"{fault.json_path}: {fault.message[:300]}" for fault in validator(name).iter_errors(told))
    return [fault for fault in found if not fault.startswith(BY_DESIGN)]


def make_one(*script: Any) -> Stage:
    features = frozenset({"tools", "forced_tool_choice", "json_schema"})
    return make_stage([make_card("one", features=features)], {"acme/one": script} if script else {})


def data_of(answer: httpx.Response) -> Iterator[Any]:
    for line in answer.text.splitlines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(
    ("path", "body", "whole", "piece"),
    [
        ("/v1/chat/completions", CHAT, "CreateChatCompletionResponse", "CreateChatCompletionStreamResponse"),
        ("/v1/responses", RESPONSES, "Response", "ResponseStreamEvent"),
    ],
)
def test_answers_are_of_the_published_schema(name: str, path: str, body: Any, whole: str, piece: str) -> None:
    assert faults(whole, ask(make_one(*ANSWERS[name]), path, body).json()) == []
    pieces = list(data_of(ask(make_one(*ANSWERS[name]), path, {**body, "stream": True})))
    assert len(pieces) > 2
    assert [fault for told in pieces for fault in faults(piece, told)] == []


@pytest.mark.parametrize(
    ("path", "body", "piece"),
    [
        ("/v1/responses", RESPONSES, "ResponseStreamEvent"),
        ("/v1/chat/completions", CHAT, "CreateChatCompletionStreamResponse"),
    ],
)
def test_a_broken_stream_is_of_the_published_schema(path: str, body: Any, piece: str) -> None:
    broken = [*ANSWERS["text"][:1], failure("unavailable")]
    pieces = list(data_of(ask(make_one(*broken), path, {**body, "stream": True})))
    assert [fault for told in pieces for fault in faults(piece, told)] == []


def test_what_a_response_tells_again_is_of_the_published_schema() -> None:
    tool = {"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": True}
    wanted = {"tools": [tool], "tool_choice": {"type": "function", "name": "f"}, "reasoning": {"effort": "low"}}
    schema = {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True}
    body = {**RESPONSES, **wanted, "text": {"format": schema, "verbosity": "low"}, "metadata": {"a": "b"}}
    assert faults("Response", ask(make_one(), "/v1/responses", body).json()) == []


@pytest.mark.parametrize(
    ("path", "body", "script"),
    [
        ("/v1/chat/completions", {**CHAT, "temperature": 3}, ()),
        ("/v1/responses", {**RESPONSES, "background": True}, ()),
        ("/v1/responses", RESPONSES, (failure("rate_limited"),)),
        ("/v1/nothing", None, ()),
    ],
)
def test_errors_are_of_the_published_schema(path: str, body: Any, script: Any) -> None:
    error = ask(make_one(*script), path, body)
    assert error.status_code >= 400
    assert faults("ErrorResponse", _with_text_code(error.json())) == []


def _with_text_code(body: Any) -> Any:
    """OpenRouter's clients want a number for the code, which is what we send; OpenAI's make a text of it."""
    return {"error": {**body["error"], "code": str(body["error"]["code"])}}


@pytest.mark.parametrize(("path", "schema"), [("/v1/models", "ListModelsResponse"), ("/v1/models/acme/one", "Model")])
def test_models_are_of_the_published_schema(path: str, schema: str) -> None:
    assert faults(schema, ask(make_one(), path).json()) == []


def test_these_checks_can_fail() -> None:
    check: Callable[[Any], list[str]] = lambda told: faults("Response", told)  # noqa: E731
    whole = ask(make_one(), "/v1/responses", RESPONSES).json()
    assert check({**whole, "status": "done"}) != []
    assert faults("ResponseStreamEvent", {"type": "response.output_text.delta", "delta": 1}) != []
