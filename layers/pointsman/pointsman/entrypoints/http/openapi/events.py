"""What the OpenAPI document says of streams. A schema here is that of one server-sent event, as clients parse it."""

from collections.abc import Mapping
from typing import Any, Final

from pointsman.entrypoints.http.openapi.answers import USAGE
from pointsman.entrypoints.http.openapi.problems import ANTHROPIC_ERROR, OPENAI_ERROR
from pointsman.entrypoints.http.openapi.shapes import COUNT, TEXT, TEXT_OR_NULL, Schema, an_array, an_object, one_of

CHUNK: Final = an_object(
    id=TEXT,
    object={"const": "chat.completion.chunk"},
    created=COUNT,
    model=TEXT,
    choices=an_array(an_object(index=COUNT, delta={"type": "object"}, finish_reason=TEXT_OR_NULL)),
)
MESSAGE_EVENT: Final = an_object(
    type=one_of(
        *("message_start", "content_block_start", "content_block_delta", "content_block_stop"),
        *("message_delta", "message_stop", "ping", "error"),
    )
)
RESPONSE_EVENT: Final = an_object(type=TEXT, sequence_number=COUNT)
END: Final[Schema] = an_object(data={"const": "[DONE]"})


def _named(data: Schema) -> Schema:
    """An event whose name is its type."""
    return an_object(event=TEXT, data=_json(data))


def _unnamed(data: Schema) -> Schema:
    return an_object(data=_json(data))


def _json(schema: Schema) -> Schema:
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}


def _either(*events: Schema) -> Schema:
    return {"anyOf": list(events)}


def _picture(name: str) -> Schema:
    done = an_object(type={"const": f"{name}.completed"}, created_at=COUNT, model=TEXT, usage=USAGE)
    return _either(_named(done), _unnamed(OPENAI_ERROR))


EVENTS: Final[Mapping[str, Schema]] = {
    "/v1/chat/completions": _either(_unnamed(CHUNK), END),
    "/v1/messages": _named({"anyOf": [MESSAGE_EVENT, ANTHROPIC_ERROR]}),
    "/v1/responses": _named(RESPONSE_EVENT),
    "/v1/images/generations": _picture("image_generation"),
    "/v1/images/edits": _picture("image_edit"),
    "/v1/audio/speech": _either(
        _named(an_object(type={"const": "speech.audio.delta"}, audio=TEXT)),
        _named(an_object(type={"const": "speech.audio.done"}, model=TEXT, usage=USAGE)),
        _unnamed(OPENAI_ERROR),
    ),
    "/v1/audio/transcriptions": _either(
        _unnamed(an_object(type={"const": "transcript.text.delta"}, delta=TEXT)),
        _unnamed(an_object(type={"const": "transcript.text.done"}, text=TEXT, model=TEXT)),
        _unnamed(OPENAI_ERROR),
        END,
    ),
}


def describe_stream(path: str) -> dict[str, Any]:
    return {"text/event-stream": {"schema": EVENTS[path]}} if path in EVENTS else {}
