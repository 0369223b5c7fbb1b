"""Makes data that a JSON Schema accepts, and says so plainly where it cannot."""

import random
from collections.abc import Callable, Mapping
from typing import Any, cast

import jsonschema
import rstr
from pointsman.domain.json_types import JsonObject

_DEPTH_LIMIT = 5
_FORMATS = {
    "date": "2026-11-22",
    "time": "12:00:00Z",
    "date-time": "2026-11-22T12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class UnmakeableSchemaError(ValueError):
    """The schema is broken, contradicts itself, or asks for more than this generator knows."""


def make(schema: JsonObject) -> Any:
    try:
        value = _Maker(schema).make(schema, name="value", depth=0)
        jsonschema.validate(value, schema)
    except (jsonschema.ValidationError, jsonschema.SchemaError, LookupError, TypeError, RecursionError) as error:
        raise UnmakeableSchemaError(f"no simulated data fits this schema: {error}") from error
    return value


class _Maker:
    def __init__(self, root: JsonObject) -> None:
        self._root = root
        self._by_type: Mapping[str, Callable[[JsonObject, str, int], Any]] = {
            "object": self._make_object,
            "array": self._make_array,
            "string": _make_string,
            "integer": _make_number,
            "number": _make_number,
            "boolean": lambda _schema, _name, _depth: True,
            "null": lambda _schema, _name, _depth: None,
        }

    def make(self, schema: Any, *, name: str, depth: int) -> Any:
        if schema is True or schema == {}:
            return f"simulated {name}"
        schema = self._resolve(schema)
        for key in ("const", "default"):
            if key in schema:
                return schema[key]
        for key in ("enum", "examples"):
            if schema.get(key):
                return schema[key][0]
        for key in ("anyOf", "oneOf"):
            if key in schema:
                return self.make(self._choose(schema[key], depth), name=name, depth=depth + 1)
        return self._by_type[_type_of(schema, depth)](schema, name, depth)

    def _resolve(self, schema: JsonObject) -> JsonObject:
        while "$ref" in schema:
            schema = {**self._look_up(schema["$ref"]), **{k: v for k, v in schema.items() if k != "$ref"}}
        for part in schema.get("allOf", ()):
            schema = _merge(self._resolve(part), {k: v for k, v in schema.items() if k != "allOf"})
        return schema

    def _look_up(self, reference: str) -> JsonObject:
        found: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")] if step else found
        return found

    def _choose(self, options: list[Any], depth: int) -> Any:
        """The first option, or, deep inside a schema that contains itself, the one that ends soonest."""
        if depth < _DEPTH_LIMIT:
            return options[0]
        return min(options, key=lambda option: len(str(self._resolve(option))))

    def _make_object(self, schema: JsonObject, _name: str, depth: int) -> JsonObject:
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        wanted = (
            required if depth >= _DEPTH_LIMIT else [*properties, *(key for key in required if key not in properties)]
        )
        return {key: self.make(properties.get(key, {}), name=key, depth=depth + 1) for key in wanted}

    def _make_array(self, schema: JsonObject, name: str, depth: int) -> list[Any]:
        fixed = [self.make(part, name=name, depth=depth + 1) for part in schema.get("prefixItems", [])]
        least = schema.get("minItems", 0 if depth >= _DEPTH_LIMIT else 1)
        length = min(max(least, len(fixed)), schema.get("maxItems", max(least, len(fixed))))
        items: Any = schema.get("items", {})
        if schema.get("uniqueItems") and items is not True and "enum" in items:
            return [*fixed, *items["enum"][: length - len(fixed)]]
        rest = (self.make(items, name=f"{name} {place + 1}", depth=depth + 1) for place in range(length - len(fixed)))
        return [*fixed, *rest]


def _type_of(schema: JsonObject, depth: int) -> str:
    declared = schema.get("type")
    if isinstance(declared, list):
        options = cast(list[str], declared)
        return "null" if depth >= _DEPTH_LIMIT and "null" in options else options[0]
    if declared is not None:
        return str(declared)
    return "object" if "properties" in schema else "array" if "items" in schema else "string"


def _merge(first: JsonObject, second: JsonObject) -> JsonObject:
    return {
        **first,
        **second,
        "properties": {**first.get("properties", {}), **second.get("properties", {})},
        "required": [*first.get("required", []), *second.get("required", [])],
    }


def _make_string(schema: JsonObject, name: str, _depth: int) -> str:
    if "pattern" in schema:
        return rstr.Rstr(random.Random(schema["pattern"])).xeger(schema["pattern"])
    text = _FORMATS.get(schema.get("format", ""), f"simulated {name}")
    return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]


def _make_number(schema: JsonObject, _name: str, _depth: int) -> int | float:
    step = schema.get("multipleOf", 1)
    low = schema.get("minimum", schema.get("exclusiveMinimum", schema.get("maximum", schema.get("exclusiveMaximum"))))
    if low is None:
        return step
    first = -(-low // step) * step
    if "minimum" not in schema and "exclusiveMinimum" in schema and first <= low:
        return first + step
    return _below_maximum(schema, first, step)


def _below_maximum(schema: JsonObject, number: int | float, step: int | float) -> int | float:
    limit = schema.get("maximum", schema.get("exclusiveMaximum", number))
    if number <= limit and number != schema.get("exclusiveMaximum"):
        return number
    if "minimum" not in schema:
        return number - step
    # Between two bounds closer than a whole step only a fraction fits.
    return (schema["minimum"] + limit) / 2
