"""Sound as bytes in the form that a caller asked for. Puts headers on raw samples; never encodes anew."""

import base64
import io
import re
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pointsman.domain.request import MediaPart

# What Google calls samples without a header.
RAW: Final = re.compile(r"audio/l16\b.*?(?:rate=(?P<rate>\d+))?$", re.IGNORECASE)
USUAL_RATE_HZ: Final = 24_000
SAMPLE_BYTES: Final = 2
MIME_BY_FORMAT: Final = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
USUAL_FORMAT: Final = "mp3"


@dataclass(frozen=True, slots=True)
class Sound:
    content: bytes
    mime_type: str


def join_sound(pieces: Sequence[MediaPart], *, asked_format: str | None) -> Sound:
    """One sound of its pieces. What has no form of its own is in the one asked for, or in the usual one."""
    content = b"".join(base64.b64decode(piece.base64_data or "") for piece in pieces)
    told = pieces[0].mime_type if pieces else "audio/*"
    raw = RAW.match(told)
    if raw is None:
        return Sound(content, MIME_BY_FORMAT[asked_format or USUAL_FORMAT] if told == "audio/*" else told)
    if asked_format == "pcm":
        return Sound(content, MIME_BY_FORMAT["pcm"])
    return Sound(_as_wave(content, rate_hz=int(raw["rate"] or USUAL_RATE_HZ)), MIME_BY_FORMAT["wav"])


def _as_wave(samples: bytes, *, rate_hz: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(SAMPLE_BYTES)
        writer.setframerate(rate_hz)
        writer.writeframes(samples)
    return file.getvalue()
