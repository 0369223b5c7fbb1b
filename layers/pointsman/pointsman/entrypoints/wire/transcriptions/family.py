"""OpenAI's transcriptions: a form with the sound, and the text in the form asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import field_validator

from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import Reply, TextDelta
from pointsman.domain.request import ChatRequest, Message
from pointsman.entrypoints.wire.family import RawBody, WireFamily
from pointsman.entrypoints.wire.media_answers import (
    MEDIA_PROBLEMS,
    FileField,
    decode_file,
    decode_media_preferences,
    encode_cost,
    encode_failure,
    told,
)
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.telling import Telling
from pointsman.entrypoints.wire.transcriptions.subtitles import write_subtitles
from pointsman.entrypoints.wire.wire_model import Probability
from pointsman.entrypoints.wire.wishes import WishesBody

TEXT: Final = "text/plain; charset=utf-8"


class TranscriptionBody(WishesBody):
    file: FileField
    language: str | None = None
    prompt: str | None = None
    response_format: Literal["json", "text", "verbose_json", "srt", "vtt"] = "json"
    temperature: Probability | None = None
    timestamp_granularities: list[Literal["word", "segment"]] | None = None

    @field_validator("timestamp_granularities", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


def decode_request(body: TranscriptionBody) -> ChatRequest:
    if body.timestamp_granularities and body.response_format != "verbose_json":
        raise RequestError("Is only told in response_format verbose_json.", field="timestamp_granularities")
    if body.stream and body.response_format not in {"json", "text"}:
        raise RequestError("A stream tells text alone: ask for json or text.", field="response_format")
    return ChatRequest(
        (Message("user", (decode_file(body.file, "audio", field="file"),)),),
        parameters=told(
            language=body.language,
            prompt=body.prompt,
            response_format=None if body.response_format in {"json", "text"} else body.response_format,
            temperature=body.temperature,
            timestamp_granularities=body.timestamp_granularities,
        ),
        stream=body.stream,
        kind="transcription",
    )


def encode_reply(body: TranscriptionBody, telling: Telling, reply: Reply, record: AuditRecord) -> JsonObject | RawBody:
    text = reply.choices[0].text
    if body.response_format == "text":
        return RawBody(f"{text}\n".encode(), TEXT)
    if body.response_format in {"srt", "vtt"}:
        return RawBody(write_subtitles(body.response_format, reply.transcript, text).encode(), TEXT)
    return {
        "text": text,
        **(_encode_details(reply) if body.response_format == "verbose_json" else {}),
        "model": telling.model,
        "provider": telling.provider,
        "usage": encode_usage(record),
        **telling.extras(record),
    }


def _encode_details(reply: Reply) -> JsonObject:
    """What the provider said; of a language or a length that it did not say, clients want to hear something."""
    return {"task": "transcribe", "language": "", "duration": 0.0, **reply.transcript}


def encode_usage(record: AuditRecord) -> JsonObject | None:
    """By the second where the model is sold so, else by tokens."""
    if record.served is None:
        return None
    usage = record.served.usage
    if "second_input" in record.served.cost.breakdown:
        return {"type": "duration", "seconds": float(usage.units["second_input"]), **encode_cost(record)}
    audio = usage.tokens.get("audio_input", 0)
    return {
        "type": "tokens",
        "input_tokens": usage.prompt_tokens,
        "input_token_details": {"audio_tokens": audio, "text_tokens": usage.prompt_tokens - audio},
        "output_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        **encode_cost(record),
    }


@dataclass(slots=True)
class TranscriptStream:
    telling: Telling
    _pieces: list[str] = field(default_factory=list[str])

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        if isinstance(event, TextDelta):
            self._pieces.append(event.text)
            yield write_data({"type": "transcript.text.delta", "delta": event.text})
        elif isinstance(event, Settled):
            yield from encode_failure(event)
            if event.failure is None:
                done = {"type": "transcript.text.done", "text": "".join(self._pieces), "model": self.telling.model}
                usage = {"usage": encode_usage(event.record)}
                yield write_data({**done, **usage, **self.telling.extras(event.record)})
            yield b"data: [DONE]\n\n"


TRANSCRIPTIONS: Final[WireFamily[TranscriptionBody]] = WireFamily(
    parse=lambda content, _headers: parse_body(content, TranscriptionBody),
    decode_request=decode_request,
    decode_preferences=decode_media_preferences,
    encode_reply=encode_reply,
    open_stream=lambda _body, telling: TranscriptStream(telling),
    **MEDIA_PROBLEMS,
)
