"""An answer's text is held against a schema, and what is wrong is told without repeating the answer."""

from typing import Any

import pytest
from pointsman.adapters.json_schema import find_schema_fault

CITY: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "size": {"enum": [1, 2]}},
    "required": ["city"],
}


@pytest.mark.parametrize(
    ("schema", "text", "fault"),
    [
        (CITY, '{"city": "Rome", "size": 2}', None),
        (CITY, '{"city": 7}', "$.city breaks 'type'"),
        (CITY, '{"city": "Rome", "size": 3}', "$.size breaks 'enum'"),
        (CITY, "{}", "$ breaks 'required'"),
        (CITY, "Rome", "the answer is not JSON"),
        (None, '{"any": 1}', None),
        (None, "[1]", "the answer is not a JSON object"),
        ({"type": "nonsense"}, "{}", "the schema itself is wrong"),
        ({"$ref": "https://example.com/other.json"}, "{}", "the schema refers to what is not in it"),
        ({"$ref": "#"}, "{}", "the schema is too deep to be checked"),
    ],
)
def test_what_an_answer_has_against_a_schema(schema: Any, text: str, fault: str | None) -> None:
    found = find_schema_fault(schema, text)
    assert found == fault or (fault is not None and (found or "").startswith(fault))


def test_the_answer_s_own_words_are_not_repeated() -> None:
    assert "secret" not in (find_schema_fault(CITY, '{"city": ["secret"]}') or "")
