"""Media parts: data URLs taken apart and checked, sizes read from their headers. Never fetches a URL."""

import base64
import binascii
import io
import re
from typing import Any

from pointsman.domain.errors import RequestError
from pointsman.domain.request import MediaFacts, MediaPart, Modality

DATA_URL = re.compile(r"data:(?P<mime>[\w.+-]+/[\w.+-]+)(?:;[\w=.+-]+)*;base64,(?P<data>.*)", re.DOTALL)
PDF_PAGE = re.compile(rb"/Type\s*/Page[^s]")


def decode_media(kind: Modality, url: str, *, field: str, default_mime: str, filename: str | None = None) -> MediaPart:
    """A part from an https URL, which is passed on as it is, or from a data URL, which is checked.

    RequestError where it is neither, where the base64 is broken, or where the bytes are not what they claim.
    """
    if url.startswith(("https://", "http://")):
        return MediaPart(kind, default_mime, url=url, filename=filename)
    match = DATA_URL.fullmatch(url)
    if match is None:
        raise RequestError("Expected an https URL or a data URL such as data:image/png;base64,....", field=field)
    return decode_inline(kind, match["data"], mime=match["mime"], field=field, filename=filename)


def decode_inline(kind: Modality, data: str, *, mime: str, field: str, filename: str | None = None) -> MediaPart:
    """A part from base64 text. RequestError as above."""
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RequestError(f"The base64 data cannot be decoded: {error}.", field=field) from error
    if not content:
        raise RequestError("The media is empty.", field=field)
    facts = READERS.get(kind, _read_size)(content, field)
    return MediaPart(kind, mime, base64_data=data, filename=filename, facts=facts)


def _read_size(content: bytes, _field: str) -> MediaFacts:
    return MediaFacts(bytes=len(content))


def measure_picture(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, by the header; -1 where it cannot be read."""
    # Most requests bring no media, and should not wait for this at a cold start.
    import imagesize

    reader: Any = imagesize  # ships no types
    width, height = reader.get(io.BytesIO(content))
    return int(width), int(height)


def _read_image(content: bytes, field: str) -> MediaFacts:
    width, height = measure_picture(content)
    if width <= 0 or height <= 0:
        raise RequestError("The image's header cannot be read: expected PNG, JPEG, GIF or WebP.", field=field)
    return MediaFacts(bytes=len(content), width_px=width, height_px=height)


def _read_sound(content: bytes, _field: str) -> MediaFacts:
    from tinytag import TinyTag, TinyTagException

    # A container that the reader does not know may still be one that a provider takes.
    try:
        seconds = TinyTag.get(file_obj=io.BytesIO(content)).duration or 0.0
    except TinyTagException:
        seconds = 0.0
    return MediaFacts(bytes=len(content), duration_ms=round(seconds * 1000))


def _read_file(content: bytes, _field: str) -> MediaFacts:
    return MediaFacts(bytes=len(content), pages=len(PDF_PAGE.findall(content)))


READERS = {"image": _read_image, "audio": _read_sound, "video": _read_sound, "file": _read_file}
