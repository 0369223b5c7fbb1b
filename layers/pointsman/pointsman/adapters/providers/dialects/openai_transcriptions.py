"""OpenAI's transcriptions, as Groq, Mistral and OpenRouter take and give them too."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call, InStreamError, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.json_reading import as_amount, as_count, as_object, as_text, load_object
from pointsman.adapters.providers.dialects.media_reading import read_cost, read_token_usage, refuse_error, report
from pointsman.adapters.providers.dialects.media_request_reading import form_file, settings_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import (
    Finished,
    PricedUnit,
    ReplyEvent,
    ReplyStarted,
    TextDelta,
    TokenClass,
    TranscriptDetailed,
    Usage,
)

__all__ = ["decode", "decode_error", "decode_stream", "encode"]

DETAILS = ("language", "languages", "duration", "segments", "words", "logprobs", "task")
TIMED = frozenset(("verbose_json", "srt", "vtt"))


def encode(call: Call) -> UpstreamRequest:
    sounds = [form_file(part, name="file") for part in call.request.media if part.kind == "audio"]
    told = settings_of(call, without=("response_format", "timestamp_granularities"))
    return UpstreamRequest(
        "/audio/transcriptions",
        {**call.spec.body, "model": call.upstream_model, **told, **_encode_form(call)},
        files=tuple(sounds),
    )


def _encode_form(call: Call) -> Mapping[str, Any]:
    """Subtitles are written from the times of the segments, whoever gives those."""
    is_timed = call.request.parameters.get("response_format") in TIMED
    wanted = call.request.parameters.get("timestamp_granularities") or (["segment"] if is_timed else [])
    timed = (
        {"timestamp_granularities[]": wanted} if wanted and "timestamp_granularities" in call.card.parameters else {}
    )
    streamed = {"stream": "true"} if call.request.stream and "streaming" in call.card.features else {}
    return {"response_format": "verbose_json" if is_timed else "json", **timed, **streamed}


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    refuse_error(body)
    if "text" not in body:
        raise MalformedReplyError("text is missing")
    yield ReplyStarted(upstream_model=as_text(body.get("model"), "model") or None)
    yield TextDelta(as_text(body["text"], "text"))
    yield from read_details(body)
    yield Finished("stop")
    yield from report(read_usage(body))


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    yield ReplyStarted()
    reading = _Reading()
    async for event in events:
        if event.data == "[DONE]":
            break
        for piece in reading.read(load_object(event.data, "event")):
            yield piece
    if not reading.is_done:
        raise MalformedReplyError("the transcript broke off")


class _Reading:
    """Remembers whether text came in pieces, for the last event repeats all of it."""

    def __init__(self) -> None:
        self.is_done, self.has_text = False, False
        self.segments = list[JsonObject]()

    def read(self, chunk: JsonObject) -> Iterator[ReplyEvent]:
        if chunk.get("error"):
            raise InStreamError(chunk)
        kind = as_text(chunk.get("type"), "type")
        if kind == "transcript.text.delta":
            self.has_text = True
            yield TextDelta(as_text(chunk.get("delta"), "delta"))
        elif kind == "transcript.text.segment":
            self.segments.append({name: value for name, value in chunk.items() if name != "type"})
        elif kind == "transcript.text.done":
            yield from self._finish(chunk)
        else:
            raise MalformedReplyError(f"unknown event {kind!r}")

    def _finish(self, chunk: JsonObject) -> Iterator[ReplyEvent]:
        self.is_done = True
        if not self.has_text:
            yield TextDelta(as_text(chunk.get("text"), "text"))
        yield from read_details({"segments": self.segments or None})
        yield Finished("stop")
        yield from report(read_usage(chunk))


def read_details(body: JsonObject) -> Iterator[TranscriptDetailed]:
    told = {name: body[name] for name in DETAILS if body.get(name) is not None}
    if told:
        yield TranscriptDetailed(told)


def read_usage(body: JsonObject) -> Usage:
    """By tokens, by seconds, or Mistral's mixture of both."""
    usage = as_object(body.get("usage"), "usage")
    seconds = usage.get("seconds") or usage.get("prompt_audio_seconds") or body.get("duration")
    units: dict[PricedUnit, Decimal] = {} if seconds is None else {"second_input": as_amount(seconds, "seconds")}
    tokens = _read_mistral(usage) if "prompt_tokens" in usage else read_token_usage(usage, media_output="output").tokens
    return Usage({kind: count for kind, count in tokens.items() if count}, read_cost(usage), units=units)


def _read_mistral(usage: JsonObject) -> Mapping[TokenClass, int]:
    """Its total counts sound beside the prompt."""
    prompt, completion = (as_count(usage.get(name), name) for name in ("prompt_tokens", "completion_tokens"))
    audio = max(as_count(usage.get("total_tokens"), "total_tokens") - prompt - completion, 0)
    return {"input": prompt, "audio_input": audio, "output": completion}
