"""xAI's images: OpenAI's form with pictures in a form of their own, and a cost instead of tokens."""

from collections.abc import Iterable

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import as_object
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_reading import read_cost, report
from pointsman.adapters.providers.dialects.media_request_reading import settings_of, url_of, words_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.dialects.openai_images import read_images
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, Usage

__all__ = ["decode", "decode_error", "decode_stream", "encode"]


def encode(call: Call) -> UpstreamRequest:
    pictures = [part for part in call.request.media if part.kind == "image"]
    # Its addresses expire within the hour, the bytes themselves do not.
    form = {"response_format": "b64_json"}
    body = {**call.spec.body, "model": call.upstream_model, "prompt": words_of(call), **settings_of(call), **form}
    if not pictures:
        return UpstreamRequest("/images/generations", body)
    images = [{"type": "image_url", "url": url_of(part)} for part in pictures]
    return UpstreamRequest("/images/edits", {**body, "images": images})


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    yield ReplyStarted()
    produced = list(read_images(body))
    if not produced:
        raise MalformedReplyError("data holds no image")
    yield from produced
    yield Finished("stop")
    yield from report(Usage(provider_cost_usd=read_cost(as_object(body.get("usage"), "usage"))))
