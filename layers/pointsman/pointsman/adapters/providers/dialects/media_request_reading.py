"""What the dialects of media read of a request: its words, its files and the parameters that a model takes."""

import base64
from collections.abc import Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call, FormFile
from pointsman.domain.errors import RequestError
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.request import MediaPart

EXTENSIONS = {"mpeg": "mp3", "x-wav": "wav", "wave": "wav", "x-m4a": "m4a"}


def words_of(call: Call) -> str:
    return call.request.last_user_message.text


def settings_of(call: Call, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The caller's parameters under the names of the provider's row."""
    told: Mapping[str, Any] = parameters_to_send(call.request, call.card)
    return {call.spec.renames.get(name, name): value for name, value in told.items() if name not in without}


def voice_of(call: Call) -> str | None:
    """The provider's own name of the voice asked for: it is one of its row's, or not known there."""
    voice, voices = call.request.parameters.get("voice"), call.spec.voices
    if voice is None or "voice" not in call.card.parameters:
        return voices.get("default")
    if voice in voices.values():
        return str(voice)
    if voice not in voices:
        known = ", ".join(sorted(voices))
        raise RequestError(f"{call.spec.display_name} has no voice {voice!r}, only {known}", field="voice")
    return voices[voice]


def url_of(part: MediaPart) -> str:
    return part.url or f"data:{part.mime_type};base64,{part.base64_data}"


def form_file(part: MediaPart, *, name: str) -> FormFile:
    """RequestError where the part is only an address: nothing is fetched."""
    if part.base64_data is None:
        raise RequestError("is taken only inline, not by URL", field=name)
    subtype = part.mime_type.partition("/")[2]
    filename = part.filename or f"{name}.{EXTENSIONS.get(subtype, subtype)}"
    return FormFile(name, filename, part.mime_type, base64.b64decode(part.base64_data))
