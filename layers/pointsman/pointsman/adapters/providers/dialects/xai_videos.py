"""xAI's films: an order by its id, a state with its progress, and the address of what it made."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from pointsman.adapters.providers.dialects.dialect import Call, JobReport, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_text, loose_object
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_request_reading import url_of, words_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.domain.errors import RequestError
from pointsman.domain.jobs import JobStatus
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.reply import Finished, JobStarted, ReplyEvent, ReplyStarted

__all__ = ["decode", "decode_error", "decode_job", "decode_stream", "encode", "path_of_job"]

SIZES: Mapping[str, Mapping[str, str]] = {
    "1280x720": {"aspect_ratio": "16:9", "resolution": "720p"},
    "720x1280": {"aspect_ratio": "9:16", "resolution": "720p"},
    "854x480": {"aspect_ratio": "16:9", "resolution": "480p"},
    "480x854": {"aspect_ratio": "9:16", "resolution": "480p"},
}
STATUSES: Mapping[str, JobStatus] = {
    "queued": "queued",
    "pending": "in_progress",
    "done": "completed",
    "failed": "failed",
    "expired": "failed",
}


def encode(call: Call) -> UpstreamRequest:
    told = parameters_to_send(call.request, call.card)
    body: dict[str, Any] = {**call.spec.body, "model": call.upstream_model, "prompt": words_of(call)}
    if "seconds" in told:
        body["duration"] = told["seconds"]
    if "size" in told:
        if told["size"] not in SIZES:
            raise RequestError(f"{call.spec.display_name} films in {', '.join(SIZES)}", field="size")
        body |= SIZES[told["size"]]
    for part in call.request.media:
        body["image"] = {"url": url_of(part)}
    return UpstreamRequest("/videos/generations", body)


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    request_id = as_text(body.get("request_id"), "request_id")
    if not request_id:
        raise MalformedReplyError("request_id is missing")
    yield ReplyStarted(request_id)
    yield JobStarted(request_id)
    yield Finished("stop")


def path_of_job(job_id: str) -> str:
    return f"/videos/{quote(job_id, safe='')}"


def decode_job(body: JsonObject) -> JobReport:
    told = as_text(body.get("status"), "status")
    if told not in STATUSES:
        raise MalformedReplyError(f"unknown status {told!r}")
    video = as_object(body.get("video"), "video")
    if video.get("respect_moderation") is False:
        return JobReport("failed", error="the film was withheld by the provider's moderation")
    why = str(loose_object(body.get("error")).get("message") or body.get("error") or told)
    status = STATUSES[told]
    url = as_text(video.get("url"), "url") or None
    if status == "completed" and url is None:
        raise MalformedReplyError("done without an address")
    progress = 100 if status == "completed" else as_count(body.get("progress"), "progress")
    return JobReport(status, progress, url, why if status == "failed" else None)
