"""What Google wants to be told of the picture or the speech that it shall make."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.media_request_reading import voice_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.request import ModelKind

# Sizes are asked for by their shape; all are of about a megapixel.
SHAPES = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
# Parameters that are told here, in Google's own way.
MEDIA_PARAMETERS = frozenset(("size", "voice", "response_format"))


def encode_media_settings(call: Call) -> JsonObject:
    """Nothing for a chat."""
    return _SETTINGS[call.card.kind](call) if call.card.kind in _SETTINGS else {}


def _encode_picture(call: Call) -> JsonObject:
    size = parameters_to_send(call.request, call.card).get("size", "auto")
    shape = {} if size == "auto" else {"imageConfig": {"aspectRatio": _shape_of(size, call)}}
    return {"responseModalities": ["TEXT", "IMAGE"], **shape}


def _shape_of(size: str, call: Call) -> str:
    width, height = map(int, size.split("x"))
    shape = Fraction(width, height) if height else None
    known = next((name for name in SHAPES if Fraction(*map(int, name.split(":"))) == shape), None)
    if known is None:
        raise RequestError(f"{call.spec.display_name} draws in the shapes {', '.join(SHAPES)}", field="size")
    return known


def _encode_speech(call: Call) -> JsonObject:
    voice: dict[str, Any] = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": voice_of(call)}}}
    return {"responseModalities": ["AUDIO"], "speechConfig": voice}


_SETTINGS: Mapping[ModelKind, Callable[[Call], JsonObject]] = {
    "image_generation": _encode_picture,
    "speech": _encode_speech,
}
