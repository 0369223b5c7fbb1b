"""Server-sent events as bytes."""

import json

from pointsman.domain.json_types import JsonObject


def write_data(data: JsonObject, *, event: str | None = None) -> bytes:
    name = b"" if event is None else b"event: " + event.encode() + b"\n"
    return name + b"data: " + json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode() + b"\n\n"
