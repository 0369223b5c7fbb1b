"""Server-sent events as bytes."""

import json

from pydantic_core import PydanticSerializationError, to_json

from pointsman.domain.json_types import JsonObject


def write_data(data: JsonObject, *, event: str | None = None) -> bytes:
    name = b"" if event is None else b"event: " + event.encode() + b"\n"
    return name + b"data: " + _write_json(data) + b"\n\n"


def _write_json(data: JsonObject) -> bytes:
    try:
        # A fifth of the standard library's time, for each event of each stream.
        return to_json(data)
    except PydanticSerializationError:
        # Half of a character, whose other half the provider sends later: it can be written as an escape alone.
        return json.dumps(data, separators=(",", ":")).encode()
