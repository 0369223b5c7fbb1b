"""OpenAI's videos: an order that is answered at once by the job it started."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from pointsman.domain.jobs import Job, JobState
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.media_use import USUAL_VIDEO_S
from pointsman.domain.reply import Reply
from pointsman.domain.request import ChatRequest, Message, TextPart
from pointsman.entrypoints.wire.embeddings.family import NoStream, refuse_stream
from pointsman.entrypoints.wire.family import WireFamily
from pointsman.entrypoints.wire.media_answers import (
    MEDIA_PROBLEMS,
    FileField,
    decode_file,
    decode_media_preferences,
    encode_cost,
    told,
)
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.telling import Telling
from pointsman.entrypoints.wire.wire_model import Whole
from pointsman.entrypoints.wire.wishes import WishesBody

# What a provider makes where nobody asks for a size.
USUAL_SIZE: Final = "1280x720"
BEGUN: Final = JobState("queued", 0)


LONGEST_S: Final = 60


def _read_seconds(told: object) -> object:
    """OpenAI's own clients write the number as text."""
    return int(told) if isinstance(told, str) and re.fullmatch("[1-9][0-9]?", told) else told


SECONDS: Final = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": LONGEST_S},
        {"type": "string", "pattern": "^([1-9]|[1-5][0-9]|60)$"},
    ]
}
Seconds = Annotated[Whole, Field(ge=1, le=LONGEST_S), BeforeValidator(_read_seconds), WithJsonSchema(SECONDS)]


class VideoBody(WishesBody):
    model: Annotated[str, Field(min_length=1)] = "auto"
    prompt: Annotated[str, Field(min_length=1, max_length=32_000)]
    seconds: Seconds | None = None
    size: Annotated[str, Field(pattern=r"^\d{2,5}x\d{2,5}$")] | None = None
    input_reference: FileField | None = None


def decode_request(body: VideoBody) -> ChatRequest:
    refuse_stream(body)
    picture = body.input_reference
    pictures = (decode_file(picture, "image", field="input_reference"),) if picture else ()
    return ChatRequest(
        (Message("user", (TextPart(body.prompt), *pictures)),),
        parameters=told(seconds=body.seconds, size=body.size),
        kind="video_generation",
    )


def encode_reply(body: VideoBody, telling: Telling, reply: Reply, record: AuditRecord) -> JsonObject:
    job = telling.job(reply.job_id or "", seconds=body.seconds or USUAL_VIDEO_S, size=body.size or USUAL_SIZE)
    told_more = {"prompt": body.prompt, "provider": telling.provider, "usage": encode_cost(record)}
    return {**encode_job(job, telling.write_ticket(job), BEGUN), **told_more, **telling.extras(record)}


def encode_job(job: Job, ticket: str, state: JobState) -> JsonObject:
    error = None if state.error is None else {"code": "video_generation_failed", "message": state.error}
    return {
        "id": ticket,
        "object": "video",
        "created_at": int(job.created_at.timestamp()),
        "completed_at": None,
        "expires_at": None,
        "remixed_from_video_id": None,
        "model": job.model,
        "status": state.status,
        "progress": state.progress,
        "seconds": str(job.seconds),
        "size": job.size,
        "error": error,
    }


VIDEOS: Final[WireFamily[VideoBody]] = WireFamily(
    parse=lambda content, _headers: parse_body(content, VideoBody),
    decode_request=decode_request,
    decode_preferences=decode_media_preferences,
    encode_reply=encode_reply,
    open_stream=lambda _body, _telling: NoStream(),
    **MEDIA_PROBLEMS,
)
