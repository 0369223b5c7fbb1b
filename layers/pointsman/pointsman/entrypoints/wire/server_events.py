"""Server-sent events as bytes."""

import json

from pointsman.domain.json_types import JsonObject

# Made once: json.dumps would make it anew for each event of each stream.
_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def write_data(data: JsonObject, *, event: str | None = None) -> bytes:
    name = b"" if event is None else b"event: " + event.encode() + b"\n"
    return name + b"data: " + _encoder.encode(data).encode() + b"\n\n"
