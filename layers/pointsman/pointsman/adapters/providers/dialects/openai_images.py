"""OpenAI's images: generations, and edits where pictures come with the words."""

from collections.abc import Iterable, Iterator

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_reading import read_token_usage, refuse_error, report
from pointsman.adapters.providers.dialects.media_request_reading import settings_of, url_of, words_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, MediaProduced, ReplyEvent, ReplyStarted
from pointsman.domain.request import MediaPart

__all__ = ["decode", "decode_error", "decode_stream", "encode"]

# The last picture of an edit may be a mask, told apart by this name of its file.
MASK = "mask"


def encode(call: Call) -> UpstreamRequest:
    pictures = [part for part in call.request.media if part.kind == "image"]
    body = {**call.spec.body, "model": call.upstream_model, "prompt": words_of(call), **settings_of(call)}
    if not pictures:
        return UpstreamRequest("/images/generations", body)
    images = [{"image_url": url_of(part)} for part in pictures if part.filename != MASK]
    masks = [{"image_url": url_of(part)} for part in pictures if part.filename == MASK]
    return UpstreamRequest("/images/edits", {**body, "images": images, **({"mask": masks[0]} if masks else {})})


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    refuse_error(body)
    yield ReplyStarted()
    images = as_objects(body.get("data"), "data")
    if not images:
        raise MalformedReplyError("data holds no image")
    mime_type = f"image/{as_text(body.get('output_format'), 'output_format') or 'png'}"
    for image in images:
        yield MediaProduced(read_image(image, mime_type))
    yield Finished("stop")
    usage = as_object(body.get("usage"), "usage")
    if usage:
        yield from report(read_token_usage(usage, media_output="image_output"))


def read_image(image: JsonObject, mime_type: str) -> MediaPart:
    """`detail` of the part is the prompt as the provider rewrote it."""
    mime_type = as_text(image.get("mime_type"), "mime_type") or mime_type
    data, url = as_text(image.get("b64_json"), "b64_json"), as_text(image.get("url"), "url")
    if not data and not url:
        raise MalformedReplyError("an image has neither b64_json nor url")
    revised = as_text(image.get("revised_prompt"), "revised_prompt") or None
    return MediaPart("image", mime_type, base64_data=data or None, url=None if data else url, detail=revised)


def read_images(body: JsonObject) -> Iterator[MediaProduced]:
    for image in as_objects(body.get("data"), "data"):
        yield MediaProduced(read_image(image, "image/jpeg"))
