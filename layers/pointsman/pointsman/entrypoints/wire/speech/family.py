"""OpenAI's speech: the sound itself, or events where they are asked for."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import Field

from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import MediaProduced, Reply
from pointsman.domain.request import ChatRequest, MediaPart, Message, TextPart
from pointsman.entrypoints.wire.family import RawBody, WireFamily
from pointsman.entrypoints.wire.media_answers import (
    MEDIA_PROBLEMS,
    decode_media_preferences,
    encode_cost,
    encode_failure,
    told,
)
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.sound import join_sound
from pointsman.entrypoints.wire.telling import Telling
from pointsman.entrypoints.wire.wire_model import Number, WireModel
from pointsman.entrypoints.wire.wishes import WishesBody


class VoiceById(WireModel):
    id: str


class SpeechBody(WishesBody):
    input: Annotated[str, Field(min_length=1, max_length=4_096)]
    voice: str | VoiceById | None = None
    instructions: str | None = None
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = None
    speed: Annotated[Number, Field(ge=0.25, le=4)] | None = None
    stream_format: Literal["audio", "sse"] = "audio"


def parse_speech_body(content: bytes) -> SpeechBody:
    body = parse_body(content, SpeechBody)
    return body.model_copy(update={"stream": body.stream_format == "sse"})


def decode_request(body: SpeechBody) -> ChatRequest:
    voice = body.voice.id if isinstance(body.voice, VoiceById) else body.voice
    return ChatRequest(
        (Message("user", (TextPart(body.input),)),),
        parameters=told(
            voice=voice, instructions=body.instructions, response_format=body.response_format, speed=body.speed
        ),
        stream=body.stream,
        kind="speech",
    )


def encode_reply(body: SpeechBody, telling: Telling, reply: Reply, record: AuditRecord) -> RawBody:
    """The bytes; what else there is to tell stands in the headers."""
    sound = join_sound(reply.choices[0].media, asked_format=body.response_format)
    headers = {
        "x-pointsman-model": telling.model,
        "x-pointsman-provider": telling.provider,
        "x-pointsman-cost-usd": f"{record.cost_usd:f}",
    }
    return RawBody(sound.content, sound.mime_type, headers)


@dataclass(slots=True)
class SpeechStream:
    """Pieces are passed on as they come, unless they are raw samples that need a header."""

    body: SpeechBody
    telling: Telling
    _held: list[MediaPart] = field(default_factory=list[MediaPart])

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        if isinstance(event, MediaProduced):
            if event.media.mime_type == "audio/*":
                yield _delta(event.media.base64_data or "")
            else:
                self._held.append(event.media)
        elif isinstance(event, Settled):
            yield from self._end(event)

    def _end(self, settled: Settled) -> Iterable[bytes]:
        if self._held:
            sound = join_sound(self._held, asked_format=self.body.response_format)
            yield _delta(base64.b64encode(sound.content).decode())
        yield from encode_failure(settled)
        if settled.failure is None:
            done = {"type": "speech.audio.done", "model": self.telling.model, "usage": encode_usage(settled.record)}
            yield write_data({**done, **self.telling.extras(settled.record)}, event="speech.audio.done")


def _delta(data: str) -> bytes:
    return write_data({"type": "speech.audio.delta", "audio": data}, event="speech.audio.delta")


def encode_usage(record: AuditRecord) -> JsonObject | None:
    if record.served is None:
        return None
    usage = record.served.usage
    return {
        "input_tokens": usage.prompt_tokens,
        "output_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        **encode_cost(record),
    }


SPEECH: Final[WireFamily[SpeechBody]] = WireFamily(
    parse=lambda content, _headers: parse_speech_body(content),
    decode_request=decode_request,
    decode_preferences=decode_media_preferences,
    encode_reply=encode_reply,
    open_stream=SpeechStream,
    **MEDIA_PROBLEMS,
)
