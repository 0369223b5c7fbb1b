"""What the OpenAPI document says of the bodies that routes read, as JSON and as a form, each with an example."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pointsman.domain.json_types import JsonObject
from pointsman.entrypoints.http.feedback import FeedbackBody
from pointsman.entrypoints.http.openapi.shapes import BINARY
from pointsman.entrypoints.wire.chat.body import ChatBody
from pointsman.entrypoints.wire.embeddings.family import EmbeddingsBody
from pointsman.entrypoints.wire.images.family import EditBody, ImageBody
from pointsman.entrypoints.wire.messages.body import ConversationBody, MessagesBody
from pointsman.entrypoints.wire.responses.body import ResponsesBody
from pointsman.entrypoints.wire.speech.family import SpeechBody
from pointsman.entrypoints.wire.transcriptions.family import TranscriptionBody
from pointsman.entrypoints.wire.videos.family import VideoBody

REFERENCE: Final = "#/components/schemas/{model}"
FILE: Final = REFERENCE.format(model="FileField")
AUTO: Final = {"model": "auto"}
HELLO: Final = {**AUTO, "messages": [{"role": "user", "content": "Why is the sky blue?"}]}
# One grey pixel, and a thousandth of a second of silence.
PICTURE: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
SOUND: Final = base64.b64encode(
    b"RIFF\x34\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x10\0\0\0" + bytes(16)
).decode()


@dataclass(frozen=True, slots=True)
class Body:
    """`takes_forms`: also as multipart/form-data, with its files as they are."""

    model: type[BaseModel]
    example: JsonObject
    takes_forms: bool = False


BODIES: Final[Mapping[str, Body]] = {
    "/v1/chat/completions": Body(ChatBody, HELLO),
    "/v1/route": Body(ChatBody, {**HELLO, "routing": {"objective": "cost"}}),
    "/v1/messages": Body(MessagesBody, {**HELLO, "max_tokens": 256}),
    "/v1/messages/count_tokens": Body(ConversationBody, HELLO),
    "/v1/responses": Body(ResponsesBody, {**AUTO, "input": "Why is the sky blue?"}),
    "/v1/embeddings": Body(EmbeddingsBody, {**AUTO, "input": ["good morning", "good night"]}),
    "/v1/images/generations": Body(ImageBody, {**AUTO, "prompt": "a lighthouse at dusk"}),
    "/v1/images/edits": Body(
        EditBody,
        {**AUTO, "prompt": "make it green", "images": [{"image_url": f"data:image/png;base64,{PICTURE}"}]},
        takes_forms=True,
    ),
    "/v1/audio/speech": Body(SpeechBody, {**AUTO, "input": "Good morning.", "voice": "alloy"}),
    "/v1/audio/transcriptions": Body(
        TranscriptionBody,
        {**AUTO, "file": {"filename": "talk.wav", "mime_type": "audio/wav", "base64_data": SOUND}},
        takes_forms=True,
    ),
    "/v1/generation/feedback": Body(FeedbackBody, {"generation_id": "gen-1", "score": 0.9}),
    "/v1/videos": Body(VideoBody, {**AUTO, "prompt": "a calm ocean wave", "seconds": 8}, takes_forms=True),
}


def define_bodies() -> dict[str, Any]:
    """The schemas that the bodies refer to, by name."""
    models = dict.fromkeys(body.model for body in BODIES.values())
    _, written = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCE)
    schemas: dict[str, Any] = written["$defs"]
    forms = {
        _form_name(body): _with_files(schemas[body.model.__name__]) for body in BODIES.values() if body.takes_forms
    }
    return schemas | forms


def describe_body(body: Body) -> dict[str, Any]:
    """The `requestBody` of an operation."""
    whole: Any = {"schema": _refer(body.model.__name__), "example": body.example}
    form: Any = {"multipart/form-data": {"schema": _refer(_form_name(body))}} if body.takes_forms else {}
    return {"required": True, "content": {"application/json": whole, **form}}


def _form_name(body: Body) -> str:
    return f"{body.model.__name__}AsForm"


def _refer(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}


def _with_files(schema: Any) -> Any:
    """The same with files as they are, where JSON has to wrap them."""
    if schema == {"$ref": FILE}:
        return BINARY
    if isinstance(schema, Mapping):
        return {name: _with_files(inner) for name, inner in cast(Mapping[str, Any], schema).items()}
    return [_with_files(inner) for inner in cast(list[Any], schema)] if isinstance(schema, list) else schema
