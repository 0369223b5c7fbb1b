"""Images, documents, films and sound as Bedrock takes them: inline, or by an address in S3."""

import re
from collections.abc import Mapping

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart, Modality

# Bedrock's name of a format where it is not the MIME subtype.
FORMATS: Mapping[str, str] = {
    "image/jpg": "jpeg",
    "text/plain": "txt",
    "text/markdown": "md",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "video/quicktime": "mov",
    "video/x-matroska": "mkv",
    "video/x-flv": "flv",
    "video/x-ms-wmv": "wmv",
    "video/3gpp": "three_gp",
    "audio/x-wav": "wav",
    "audio/wave": "wav",
    "audio/mpeg": "mp3",
}
BLOCKS: Mapping[Modality, str] = {"image": "image", "file": "document", "video": "video", "audio": "audio"}
UNNAMEABLE = re.compile(r"[^a-zA-Z0-9\s\-()\[\]]+")
LONGEST_NAME = 180
S3 = "s3://"


def encode_media(part: MediaPart, *, field: str, number: str) -> JsonObject:
    """`number` makes a document's name its own within the request, as Bedrock demands."""
    block = {"format": _format_of(part, field), "source": _encode_source(part, field)}
    if part.kind != "file":
        return {BLOCKS[part.kind]: block}
    cited = {"citations": {"enabled": True}} if part.wants_citations else {}
    return {BLOCKS[part.kind]: {"name": _name_of(part, number), **block, **cited}}


def _name_of(part: MediaPart, number: str) -> str:
    stem = (part.filename or "document").rpartition("/")[2].partition(".")[0]
    cleaned = " ".join(UNNAMEABLE.sub(" ", stem).split())[:LONGEST_NAME]
    return f"{cleaned or 'document'} {number}"


def _format_of(part: MediaPart, field: str) -> str:
    subtype = part.mime_type.partition("/")[2]
    known = FORMATS.get(part.mime_type, subtype)
    if known in ("", "*"):
        raise RequestError("Bedrock needs to be told what format this is", field=field)
    return known


def _encode_source(part: MediaPart, field: str) -> JsonObject:
    if part.base64_data is not None:
        return {"bytes": part.base64_data}
    if part.url and part.url.startswith(S3):
        return {"s3Location": {"uri": part.url}}
    raise RequestError(f"Bedrock takes {part.kind} parts only inline or from S3, not by URL", field=field)
