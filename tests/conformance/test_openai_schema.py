"""What OpenAI is sent is of the form that OpenAI has published."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.conformance.committed_fixtures import Fixture, committed_fixtures, perform

DOCUMENT = Path(__file__).parents[2].parent / "shared" / "data" / "openapi" / "openai-openapi.json"
SCHEMAS = {None: "CreateChatCompletionRequest", "responses": "CreateResponse"}
FIXTURES: Sequence[Fixture] = tuple(
    fixture for fixture in committed_fixtures() if fixture.row == "openai" and "kind" not in fixture.card
)


@pytest.fixture(scope="module")
def validators() -> Any:
    if not DOCUMENT.is_file():
        pytest.skip("OpenAI's published document (../shared/data/openapi) is not on this machine")
    # Its alternatives overlap, save by a discriminator that JSON Schema does not know: a user's turn is an easy message
    # and a full one.
    text = DOCUMENT.read_text(encoding="utf-8").replace('"oneOf"', '"anyOf"')
    components = json.loads(text)["components"]
    return {mode: _validator_of(name, components) for mode, name in SCHEMAS.items()}


def _validator_of(name: str, components: Any) -> Any:
    schema: Any = {"$ref": f"#/components/schemas/{name}", "components": components}
    return Draft202012Validator(schema)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_a_request_to_openai_is_of_its_schema(fixture: Fixture, validators: Any) -> None:
    sent, _ = perform(fixture)
    assert [fault.message for fault in validators[fixture.mode].iter_errors(sent["body"])] == []
