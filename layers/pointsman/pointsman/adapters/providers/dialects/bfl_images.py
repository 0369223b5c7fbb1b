"""Black Forest Labs' images: an order, its state until it is ready, and the picture at an address of its own."""

from collections.abc import Iterable
from typing import Any

from pointsman.adapters.providers.dialects.dialect import (
    Call,
    ErrorReport,
    FollowUp,
    InStreamError,
    MalformedReplyError,
    UpstreamRequest,
)
from pointsman.adapters.providers.dialects.json_reading import as_object, as_text, loose_list, loose_object
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_reading import read_file
from pointsman.adapters.providers.dialects.media_request_reading import settings_of, words_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, MediaProduced, ReplyEvent, ReplyStarted

__all__ = ["decode", "decode_error", "decode_stream", "encode", "next_step"]

WAITING = frozenset(("Pending", "Queued", "Processing"))
CODES = {"Request Moderated": "content_policy_violation", "Content Moderated": "content_policy_violation"}


def encode(call: Call) -> UpstreamRequest:
    pictures = [part for part in call.request.media if part.kind == "image"]
    if len(pictures) > 1 or any(part.base64_data is None for part in pictures):
        raise RequestError(f"{call.spec.display_name} takes one picture, inline", field="image")
    # Kontext edits the picture it is given, the others only lean on it.
    name = "input_image" if "kontext" in call.upstream_model else "image_prompt"
    given = {name: pictures[0].base64_data} if pictures else {}
    return UpstreamRequest(f"/{call.upstream_model}", {"prompt": words_of(call), **settings_of(call), **given})


def next_step(body: JsonObject) -> FollowUp | None:
    """Where an order or a state leads; None at the picture itself, and at an order that failed."""
    if "polling_url" in body:
        return FollowUp(as_text(body["polling_url"], "polling_url"))
    if body.get("status") in WAITING:
        return FollowUp()
    sample = as_text(as_object(body.get("result"), "result").get("sample"), "sample")
    return FollowUp(sample, is_file=True) if body.get("status") == "Ready" and sample else None


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    if "status" in body:
        raise InStreamError(body)
    if "base64_data" not in body:
        raise MalformedReplyError("neither an order, nor a state, nor a picture")
    yield ReplyStarted()
    yield MediaProduced(read_file(body, "image"))
    yield Finished("stop")


def decode_error(body: Any) -> ErrorReport:
    """Never raises. Its validation errors are a list under `detail`."""
    found = loose_object(body)
    status, detail = str(found.get("status") or ""), found.get("detail")
    texts = [str(loose_object(item).get("msg", "")) for item in loose_list(detail)]
    message = "; ".join(texts) or str(detail or status)
    return ErrorReport(message, codes=(CODES.get(status, status),) if status else ())
