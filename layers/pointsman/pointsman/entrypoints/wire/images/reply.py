"""Pictures as OpenAI's images object, and as the one event of a picture that is finished."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import MediaProduced, Reply
from pointsman.domain.request import MediaPart
from pointsman.entrypoints.wire.media import measure_picture
from pointsman.entrypoints.wire.media_answers import encode_cost, encode_failure
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.telling import Telling


def encode_images(_body: object, telling: Telling, reply: Reply, record: AuditRecord) -> JsonObject:
    pictures = [media for choice in reply.choices for media in choice.media if media.kind == "image"]
    return {
        "created": int(telling.subject.created_at.timestamp()),
        "id": telling.subject.id,
        "model": telling.model,
        "provider": telling.provider,
        "data": [_encode_picture(picture) for picture in pictures],
        **_describe(pictures),
        "usage": encode_usage(record),
        **telling.extras(record),
    }


def _encode_picture(picture: MediaPart) -> JsonObject:
    place = {"url": picture.url} if picture.base64_data is None else {"b64_json": picture.base64_data}
    return {**place, **({"revised_prompt": picture.detail} if picture.detail else {})}


def _describe(pictures: list[MediaPart]) -> JsonObject:
    """What the first picture really is, whatever was asked for."""
    if not pictures or pictures[0].base64_data is None:
        return {}
    width, height = measure_picture(base64.b64decode(pictures[0].base64_data))
    told = {"output_format": pictures[0].mime_type.partition("/")[2]}
    return told if min(width, height) <= 0 else {**told, "size": f"{width}x{height}"}


def encode_usage(record: AuditRecord) -> JsonObject | None:
    if record.served is None:
        return None
    usage, tokens = record.served.usage, record.served.usage.tokens
    image_input, image_output = tokens.get("image_input", 0), tokens.get("image_output", 0)
    given, made = usage.prompt_tokens, usage.completion_tokens
    return {
        "input_tokens": given,
        "input_tokens_details": {"image_tokens": image_input, "text_tokens": given - image_input},
        "output_tokens": made,
        "output_tokens_details": {"image_tokens": image_output, "text_tokens": made - image_output},
        "total_tokens": given + made,
        **encode_cost(record),
    }


@dataclass(slots=True)
class ImageStream:
    """`name` is the first part of the events' type. A picture is told when the usage is known, as OpenAI does."""

    name: str
    body: object
    telling: Telling
    _pictures: list[MediaPart] = field(default_factory=list[MediaPart])

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        if isinstance(event, MediaProduced):
            self._pictures.append(event.media)
        elif isinstance(event, Settled):
            yield from encode_failure(event)
            if event.failure is None:
                yield from (self._complete(picture, event.record) for picture in self._pictures)

    def _complete(self, picture: MediaPart, record: AuditRecord) -> bytes:
        kind = f"{self.name}.completed"
        asked: Mapping[str, Any] = {
            name: getattr(self.body, name, None) or "auto" for name in ("quality", "background")
        }
        return write_data(
            {
                "type": kind,
                "created_at": int(self.telling.subject.created_at.timestamp()),
                "model": self.telling.model,
                **_encode_picture(picture),
                **asked,
                **_describe([picture]),
                "usage": encode_usage(record),
                **self.telling.extras(record),
            },
            event=kind,
        )
