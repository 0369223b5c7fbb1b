"""A job as the id that its caller holds: all there is to know of it, signed, so that any instance can answer for it."""

import base64
import binascii
import hmac
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from pointsman.domain.errors import NotFoundError
from pointsman.domain.jobs import Job
from pointsman.domain.model_card import Endpoint

PREFIX: Final = "video_"
SIGNATURE_CHARS: Final = 32
Digest = Callable[[bytes], str]


def write_ticket(job: Job, digest: Digest) -> str:
    endpoint = job.endpoint
    told = [
        job.key_id,
        job.record_id,
        job.model,
        [endpoint.provider, endpoint.upstream_model, endpoint.region],
        job.upstream_id,
        int(job.created_at.timestamp()),
        job.seconds,
        job.size,
    ]
    payload = zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 9)
    return PREFIX + _sign(payload, digest) + base64.urlsafe_b64encode(payload).decode().rstrip("=")


def read_ticket(text: str, digest: Digest, *, key_id: str) -> Job:
    """NotFoundError for an id that nobody here gave out, or that was given to another key."""
    unknown = NotFoundError(f"There is no video '{text[:80]}'.")
    body = text.removeprefix(PREFIX)
    signature, packed = body[:SIGNATURE_CHARS], body[SIGNATURE_CHARS:]
    try:
        payload = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError) as error:
        raise unknown from error
    if not hmac.compare_digest(signature.encode(), _sign(payload, digest).encode()):
        raise unknown
    job = _read(json.loads(zlib.decompress(payload)))
    if job.key_id != key_id:
        raise unknown
    return job


def _sign(payload: bytes, digest: Digest) -> str:
    # The same key makes the HMAC of prompts: the prefix keeps one from standing for the other.
    return digest(b"job ticket\0" + payload)[:SIGNATURE_CHARS]


def _read(told: Any) -> Job:
    key_id, record_id, model, endpoint, upstream_id, created_at, seconds, size = told
    created = datetime.fromtimestamp(created_at, UTC)
    return Job(key_id, record_id, model, Endpoint(*endpoint), upstream_id, created, seconds, size)
