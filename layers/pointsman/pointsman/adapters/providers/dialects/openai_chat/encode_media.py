"""Images, sound, films and files in the forms that OpenAI-compatible providers take them."""

from collections.abc import Callable, Mapping

from pointsman.adapters.providers.spec import MediaForm, ProviderSpec
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart

# OpenAI's name of a format where it is not the MIME subtype.
AUDIO_FORMATS = {"mpeg": "mp3", "x-wav": "wav", "wave": "wav", "mp4": "m4a", "x-m4a": "m4a"}
INLINE_FORMS = frozenset[MediaForm](("input_audio", "file"))


def encode_media(part: MediaPart, spec: ProviderSpec, *, field: str) -> JsonObject:
    form = spec.media.get(part.kind)
    if form is None:
        raise RequestError(f"{spec.display_name} takes no {part.kind} parts", field=field)
    if form in INLINE_FORMS and part.base64_data is None:
        raise RequestError(f"{spec.display_name} takes {part.kind} parts only inline, not by URL", field=field)
    return _ENCODERS[form](part)


def _encode_image_url(part: MediaPart) -> JsonObject:
    detail = {"detail": part.detail} if part.detail else {}
    return {"type": "image_url", "image_url": {"url": _url(part), **detail}}


def _encode_video_url(part: MediaPart) -> JsonObject:
    return {"type": "video_url", "video_url": {"url": _url(part)}}


def _encode_input_audio(part: MediaPart) -> JsonObject:
    subtype = part.mime_type.partition("/")[2]
    audio = {"data": part.base64_data, "format": AUDIO_FORMATS.get(subtype, subtype)}
    return {"type": "input_audio", "input_audio": audio}


def _encode_file(part: MediaPart) -> JsonObject:
    # OpenAI wants some name with every file, and reads nothing from it.
    return {"type": "file", "file": {"filename": part.filename or "file", "file_data": _url(part)}}


def _encode_document_url(part: MediaPart) -> JsonObject:
    name = {"document_name": part.filename} if part.filename else {}
    return {"type": "document_url", "document_url": _url(part), **name}


def _url(part: MediaPart) -> str:
    return part.url or f"data:{part.mime_type};base64,{part.base64_data}"


_ENCODERS: Mapping[MediaForm, Callable[[MediaPart], JsonObject]] = {
    "image_url": _encode_image_url,
    "input_audio": _encode_input_audio,
    "file": _encode_file,
    "file_by_url": _encode_file,
    "document_url": _encode_document_url,
    "video_url": _encode_video_url,
}
