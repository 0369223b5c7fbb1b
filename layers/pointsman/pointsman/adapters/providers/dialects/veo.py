"""Google's films: an operation that runs for minutes, and the address of what it made."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from pointsman.adapters.providers.dialects.dialect import Call, JobReport, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_error import decode_error
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text, as_texts
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_request_reading import words_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.reply import Finished, JobStarted, ReplyEvent, ReplyStarted

__all__ = ["decode", "decode_error", "decode_job", "decode_stream", "encode", "path_of_job"]

SIZES: Mapping[str, Mapping[str, str]] = {
    "1280x720": {"aspectRatio": "16:9", "resolution": "720p"},
    "720x1280": {"aspectRatio": "9:16", "resolution": "720p"},
    "1920x1080": {"aspectRatio": "16:9", "resolution": "1080p"},
    "1080x1920": {"aspectRatio": "9:16", "resolution": "1080p"},
}
LENGTHS_S = (4, 6, 8)


def encode(call: Call) -> UpstreamRequest:
    instance: dict[str, Any] = {"prompt": words_of(call)}
    for part in call.request.media:
        if part.base64_data is None:
            raise RequestError(f"{call.spec.display_name} takes pictures only inline", field="input_reference")
        instance["image"] = {"bytesBase64Encoded": part.base64_data, "mimeType": part.mime_type}
    path = f"/models/{quote(call.upstream_model, safe='')}:predictLongRunning"
    return UpstreamRequest(path, {**call.spec.body, "instances": [instance], "parameters": _encode_settings(call)})


def _encode_settings(call: Call) -> JsonObject:
    told = parameters_to_send(call.request, call.card)
    settings: dict[str, Any] = {}
    if "size" in told:
        if told["size"] not in SIZES:
            raise RequestError(f"{call.spec.display_name} films in {', '.join(SIZES)}", field="size")
        settings |= SIZES[told["size"]]
    if "seconds" in told:
        if told["seconds"] not in LENGTHS_S:
            raise RequestError(f"{call.spec.display_name} films for 4, 6 or 8 seconds", field="seconds")
        settings["durationSeconds"] = told["seconds"]
    return settings


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    name = as_text(body.get("name"), "name")
    if not name:
        raise MalformedReplyError("name is missing")
    yield ReplyStarted(name)
    yield JobStarted(name)
    yield Finished("stop")


def path_of_job(job_id: str) -> str:
    return f"/{quote(job_id)}"


def decode_job(body: JsonObject) -> JobReport:
    if not body.get("done"):
        return JobReport("in_progress")
    error = as_object(body.get("error"), "error")
    if error:
        return JobReport("failed", error=as_text(error.get("message"), "message") or "the provider failed")
    answer = as_object(body.get("response"), "response")
    films = as_object(answer.get("generateVideoResponse"), "generateVideoResponse")
    for sample in as_objects(films.get("generatedSamples"), "generatedSamples"):
        return JobReport("completed", 100, as_text(as_object(sample.get("video"), "video").get("uri"), "uri"))
    reasons = as_texts(films.get("raiMediaFilteredReasons"), "raiMediaFilteredReasons")
    return JobReport("failed", error="; ".join(reasons) or "nothing was made")
