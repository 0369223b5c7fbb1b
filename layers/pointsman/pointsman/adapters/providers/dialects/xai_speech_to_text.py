"""xAI's speech to text: a form of its own path, words with their times, no usage."""

from collections.abc import Iterable

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import as_amount, as_objects, as_text
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_reading import report
from pointsman.adapters.providers.dialects.media_request_reading import form_file, settings_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.dialects.openai_transcriptions import read_details
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, TextDelta, Usage

__all__ = ["decode", "decode_error", "decode_stream", "encode"]


def encode(call: Call) -> UpstreamRequest:
    sounds = [form_file(part, name="file") for part in call.request.media if part.kind == "audio"]
    told = settings_of(call, without=("response_format", "timestamp_granularities"))
    return UpstreamRequest("/stt", {**call.spec.body, "model": call.upstream_model, **told}, files=tuple(sounds))


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    if "text" not in body:
        raise MalformedReplyError("text is missing")
    yield ReplyStarted()
    yield TextDelta(as_text(body["text"], "text"))
    words = [{**word, "word": word.get("text")} for word in as_objects(body.get("words"), "words")]
    yield from read_details({**body, "words": words or None})
    yield Finished("stop")
    if body.get("duration") is not None:
        yield from report(Usage(units={"second_input": as_amount(body["duration"], "duration")}))
