"""Holds a text against a JSON Schema. Knows nothing of models."""

import json
from typing import Any

from pointsman.domain.json_types import JsonObject

LONGEST_FAULT = 200


def find_schema_fault(schema: JsonObject | None, text: str) -> str | None:
    """What the text has against the schema, by the path of the field; None where it is of its form."""
    try:
        answer: Any = json.loads(text)
    except (ValueError, RecursionError):
        return "the answer is not JSON"
    if schema is None:
        return None if isinstance(answer, dict) else "the answer is not a JSON object"
    return _first_fault(schema, answer)


def _first_fault(schema: JsonObject, answer: Any) -> str | None:
    # Most requests ask for no form, and should not wait for this at a cold start.
    from jsonschema import Draft202012Validator, SchemaError, ValidationError
    from referencing.exceptions import Unresolvable

    validator: Any = Draft202012Validator(schema)
    try:
        Draft202012Validator.check_schema(schema)
        validator.validate(answer)
    except SchemaError as error:
        return f"the schema itself is wrong: {error.message}"[:LONGEST_FAULT]
    except Unresolvable as error:
        return f"the schema refers to what is not in it: {error.ref}"[:LONGEST_FAULT]
    except ValidationError as error:
        # The validator's own words may repeat the answer, which no record may hold.
        return f"{error.json_path} breaks {error.validator!r}"[:LONGEST_FAULT]
    except RecursionError:
        return "the schema is too deep to be checked"
    return None
