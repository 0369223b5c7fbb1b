"""OpenAI's speech: bytes, or events that also tell the usage. Mistral answers the same with JSON."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

from pointsman.adapters.providers.dialects.dialect import Call, InStreamError, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import as_object, as_text, load_object
from pointsman.adapters.providers.dialects.media_reading import read_file, read_token_usage, report
from pointsman.adapters.providers.dialects.media_request_reading import settings_of, voice_of, words_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, MediaProduced, ReplyEvent, ReplyStarted
from pointsman.domain.request import MediaPart

__all__ = ["decode", "decode_error", "decode_stream", "encode"]

USUAL_FORMAT = "mp3"


def encode(call: Call) -> UpstreamRequest:
    voice = voice_of(call)
    told = {"response_format": USUAL_FORMAT, **settings_of(call, without=("voice",))}
    if voice is not None:
        told[call.spec.renames.get("voice", "voice")] = voice
    # Only events tell what was used, so they are asked for even where nobody waits for a stream.
    form = {"stream_format": "sse"} if "streaming" in call.card.features else {}
    return UpstreamRequest(
        "/audio/speech", {**call.spec.body, "model": call.upstream_model, "input": words_of(call), **told, **form}
    )


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    yield ReplyStarted()
    if "audio_data" in body:
        yield _piece(as_text(body["audio_data"], "audio_data"))
    else:
        yield MediaProduced(read_file(body, "audio"))
    yield Finished("stop")


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    yield ReplyStarted()
    is_done = False
    async for event in events:
        if event.data == "[DONE]":
            break
        chunk = load_object(event.data, "event")
        for piece in _decode_event(chunk):
            yield piece
            is_done = is_done or isinstance(piece, Finished)
    if not is_done:
        raise MalformedReplyError("the sound broke off")


def _decode_event(chunk: JsonObject) -> Iterator[ReplyEvent]:
    kind = as_text(chunk.get("type"), "type")
    if chunk.get("error"):
        raise InStreamError(chunk)
    if kind == "speech.audio.delta":
        yield _piece(as_text(chunk.get("audio") or chunk.get("audio_data"), "audio"))
    elif kind == "speech.audio.done":
        yield Finished("stop")
        yield from report(read_token_usage(as_object(chunk.get("usage"), "usage"), media_output="audio_output"))
    else:
        raise MalformedReplyError(f"unknown event {kind!r}")


def _piece(data: str) -> MediaProduced:
    if not data:
        raise MalformedReplyError("a piece of sound is empty")
    # Nothing says in which format it is: it is the one that was asked for.
    return MediaProduced(MediaPart("audio", "audio/*", base64_data=data))
