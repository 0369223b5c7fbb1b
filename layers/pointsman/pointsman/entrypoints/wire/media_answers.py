"""What the families of media share: preferences, files that came in, costs that go out, and errors in OpenAI's form."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, TypedDict

from pydantic import Field

from pointsman.application.incoming import Settled
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord, Subject
from pointsman.domain.preferences import Preferences
from pointsman.domain.request import MediaPart, Modality
from pointsman.entrypoints.problems import Problem, failure_problem
from pointsman.entrypoints.wire.chat.chunks import KEEP_ALIVE
from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.entrypoints.wire.media import decode_inline
from pointsman.entrypoints.wire.preferences import decode_preferences
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.wire_model import WireModel
from pointsman.entrypoints.wire.wishes import WishesBody

# By extension, where a client says no more of a file than that it is bytes.
TYPES: Final = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "mpga": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "webm": "audio/webm",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
}
UNTYPED: Final = "application/octet-stream"


class FileField(WireModel):
    """A file of a form."""

    filename: str
    mime_type: str
    base64_data: Annotated[str, Field(min_length=1)]


class MediaProblems(TypedDict):
    encode_problem: Callable[[Problem, str], JsonObject]
    encode_late_problem: Callable[[Subject, Problem], Iterable[bytes]]
    keep_alive: bytes


def encode_late_problem(_subject: Subject, problem: Problem) -> Iterable[bytes]:
    yield write_data(encode_problem(problem))


MEDIA_PROBLEMS: Final[MediaProblems] = {
    "encode_problem": lambda problem, _id: encode_problem(problem),
    "encode_late_problem": encode_late_problem,
    "keep_alive": KEEP_ALIVE,
}


def decode_media_preferences(body: WishesBody) -> Preferences:
    return decode_preferences(body, service_tier=None, reasoning_effort=None)


def decode_file(file: FileField, kind: Modality, *, field: str) -> MediaPart:
    """RequestError where the bytes are not what they shall be."""
    mime_type = file.mime_type
    if mime_type == UNTYPED or "/" not in mime_type:
        mime_type = TYPES.get(file.filename.rpartition(".")[2].lower(), UNTYPED)
    return decode_inline(kind, file.base64_data, mime=mime_type, field=field, filename=file.filename)


def told(**values: Any) -> dict[str, Any]:
    """What was said of it."""
    return {name: value for name, value in values.items() if value is not None}


def encode_cost(record: AuditRecord) -> JsonObject:
    return {"cost": float(record.cost_usd)} if record.served else {}


def encode_failure(settled: Settled) -> Iterable[bytes]:
    if settled.failure is not None:
        yield write_data(encode_problem(failure_problem(settled.failure)))
