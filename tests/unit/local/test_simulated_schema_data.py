from typing import Any

import jsonschema
import pytest

from local.simulated_providers import schema_data

SCHEMAS: dict[str, dict[str, Any]] = {
    "nested object": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "array", "items": {"type": "integer"}}},
        "required": ["city", "days"],
        "additionalProperties": False,
    },
    "enum": {"type": "string", "enum": ["red", "green"]},
    "const": {"const": 7},
    "pattern": {"type": "string", "pattern": r"^[A-Z]{2}-\d{4}$"},
    "string lengths": {"type": "string", "minLength": 40, "maxLength": 41},
    "short string": {"type": "string", "maxLength": 3},
    "date": {"type": "string", "format": "date"},
    "integer range": {"type": "integer", "minimum": 10, "maximum": 20, "multipleOf": 7},
    "exclusive bounds": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 2},
    "only a maximum": {"type": "integer", "maximum": -5},
    "narrow range": {"type": "number", "minimum": 0.2, "maximum": 0.4},
    "array sizes": {"type": "array", "items": {"type": "boolean"}, "minItems": 3, "maxItems": 4},
    "unique items": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "minItems": 2},
    "unique strings": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 3},
    "tuple": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False, "minItems": 2},
    "nullable": {"type": ["string", "null"]},
    "any of": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
    "all of": {"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}]},
    "required but undescribed": {"type": "object", "required": ["extra"]},
    "type left out": {"properties": {"a": {"type": "null"}}},
    "reference": {"$ref": "#/$defs/point", "$defs": {"point": {"type": "object", "required": ["x"]}}},
    "list that contains itself": {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
                "required": ["next"],
            }
        },
        "$ref": "#/$defs/node",
    },
    "tree that contains itself": {
        "$defs": {
            "tree": {
                "type": "object",
                "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
                "required": ["children"],
            }
        },
        "$ref": "#/$defs/tree",
    },
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_made_data_validate_against_their_schema(name: str) -> None:
    jsonschema.validate(schema_data.make(SCHEMAS[name]), SCHEMAS[name])


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 5, "maximum": 1},
        {"$ref": "#/$defs/missing"},
        {"type": "no such type"},
        {"not": {}},
    ],
)
def test_a_schema_that_nothing_fits_is_an_error(schema: dict[str, Any]) -> None:
    with pytest.raises(schema_data.UnmakeableSchemaError):
        schema_data.make(schema)
