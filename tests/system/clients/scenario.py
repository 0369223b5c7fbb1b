"""What every client is asked to do. Needs the standard library alone, for it runs in each client's own environment."""

import base64
import io
import json
import struct
import sys
import wave
import zlib
from collections.abc import Callable, Mapping
from typing import Any

QUESTION = "What is the weather in Paris? Use get_weather."
RESULT = "18 degrees"
CITY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
BROKEN_PNG = "@"


def run(scenarios: Mapping[str, Callable[[], Any]]) -> None:
    """Prints one JSON object of what each came to."""
    print(json.dumps({name: scenario() for name, scenario in scenarios.items()}))


def base_url() -> str:
    return sys.argv[1]


def only(pattern: str) -> Any:
    """Our wish for models such as `anthropic/*`, in the fields of a body."""
    return {"plugins": [{"id": "auto-router", "allowed_models": [pattern]}]}


def png_base64() -> str:
    return base64.b64encode(red_png()).decode()


def png_url() -> str:
    return "data:image/png;base64," + png_base64()


def red_png(width: int = 64, height: int = 32) -> bytes:
    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def silence(seconds: int = 1, rate: int = 8_000) -> bytes:
    """A WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(bytes(2 * rate * seconds))
    return file.getvalue()
