"""Writes AWS's binary event stream, of which botocore has only the reading half."""

import json
from struct import pack
from zlib import crc32

from pointsman.domain.json_types import JsonObject

_TEXT = 7
_PRELUDE_BYTES, _CRC_BYTES = 8, 4


def write_event(name: str, payload: JsonObject) -> bytes:
    """One frame. A name that ends with Exception makes an exception of it."""
    is_exception = name.endswith("Exception")
    kind = ":exception-type" if is_exception else ":event-type"
    told = {
        kind: name,
        ":content-type": "application/json",
        ":message-type": "exception" if is_exception else "event",
    }
    headers = b"".join(_header(*item) for item in told.items())
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    size = _PRELUDE_BYTES + _CRC_BYTES + len(headers) + len(body) + _CRC_BYTES
    prelude = pack("!II", size, len(headers))
    frame = prelude + pack("!I", crc32(prelude)) + headers + body
    return frame + pack("!I", crc32(frame))


def _header(name: str, value: str) -> bytes:
    return pack("!B", len(name)) + name.encode() + pack("!BH", _TEXT, len(value)) + value.encode()
