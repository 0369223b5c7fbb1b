"""The OpenAPI document tells of every route: what it reads, what it answers, and each status an error may have."""

import json
import re
from typing import Any

import pytest
from pointsman.entrypoints.http.openapi.bodies import BODIES, FILE
from pointsman.entrypoints.http.openapi.document import describe_api
from pointsman.entrypoints.http.openapi.operations import CALLS_NOBODY
from pointsman.entrypoints.problems import STATUS_BY_KIND

DOCUMENT: Any = describe_api()
OPERATIONS = [(path, told) for path, methods in DOCUMENT["paths"].items() for told in methods.values()]


@pytest.mark.parametrize(("path", "told"), OPERATIONS)
def test_every_operation_tells_its_answer_and_its_errors(path: str, told: Any) -> None:
    assert told["responses"]["200"]["content"]
    errors = told["responses"].keys() - {"200"}
    assert errors >= ({"500", "503"} if path == "/healthz" else {"400", "401", "403", "404", "429", "500", "503"})
    assert "422" not in errors


@pytest.mark.parametrize("path", sorted(BODIES.keys() - CALLS_NOBODY))
def test_what_asks_a_provider_may_fail_in_all_its_ways(path: str) -> None:
    told = DOCUMENT["paths"][path]["post"]["responses"]
    assert told.keys() >= {str(status) for status, _ in STATUS_BY_KIND.values()}


@pytest.mark.parametrize("path", BODIES)
def test_the_example_of_a_body_is_one(path: str) -> None:
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    assert not BODIES[path].model.model_validate(content["example"]).model_extra


@pytest.mark.parametrize("name", ["EditBodyAsForm", "TranscriptionBodyAsForm", "VideoBodyAsForm"])
def test_a_form_has_its_files_as_they_are(name: str) -> None:
    told = str(DOCUMENT["components"]["schemas"][name])
    assert "'format': 'binary'" in told
    assert FILE not in told


def test_each_reference_leads_somewhere() -> None:
    for reference in _references(DOCUMENT):
        here: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]


def _references(told: Any) -> set[str]:
    return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(told)))
