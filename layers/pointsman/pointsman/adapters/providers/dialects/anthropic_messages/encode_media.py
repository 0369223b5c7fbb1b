"""Images and documents as Anthropic takes them; it takes no sound and no films."""

import base64
import binascii

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart

IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


def encode_media(part: MediaPart, *, field: str) -> JsonObject:
    if part.kind == "image":
        return {"type": "image", "source": _encode_image(part, field), **encode_cache_hint(part.cache_control)}
    if part.kind == "file":
        return {"type": "document", "source": _encode_document(part, field), **_encode_notes(part)}
    raise RequestError(f"this model takes no {part.kind}", field=field)


def encode_cache_hint(hint: JsonObject | None) -> JsonObject:
    return {} if hint is None else {"cache_control": hint}


def _encode_notes(part: MediaPart) -> JsonObject:
    title = {"title": part.filename} if part.filename else {}
    citations = {"citations": {"enabled": True}} if part.wants_citations else {}
    return {**title, **citations, **encode_cache_hint(part.cache_control)}


def _encode_image(part: MediaPart, field: str) -> JsonObject:
    if part.base64_data is None:
        return {"type": "url", "url": part.url}
    if part.mime_type not in IMAGE_TYPES:
        raise RequestError(f"this model takes images as {', '.join(IMAGE_TYPES)}", field=field)
    return {"type": "base64", "media_type": part.mime_type, "data": part.base64_data}


def _encode_document(part: MediaPart, field: str) -> JsonObject:
    if part.base64_data is None:
        return {"type": "url", "url": part.url}
    if part.mime_type == "application/pdf":
        return {"type": "base64", "media_type": part.mime_type, "data": part.base64_data}
    if part.mime_type.startswith("text/"):
        return {"type": "text", "media_type": "text/plain", "data": _decode_text(part.base64_data, field)}
    raise RequestError(f"this model takes documents as PDF or text, not as {part.mime_type}", field=field)


def _decode_text(data: str, field: str) -> str:
    try:
        return base64.b64decode(data, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RequestError("this file is not text in base64", field=field) from error
