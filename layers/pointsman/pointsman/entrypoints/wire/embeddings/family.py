"""OpenAI's embeddings."""

import base64
import struct
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field, WithJsonSchema

from pointsman.application.incoming import AnswerEvent
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import Reply
from pointsman.domain.request import ChatRequest, Message, TextPart
from pointsman.entrypoints.wire.family import WireFamily
from pointsman.entrypoints.wire.media_answers import MEDIA_PROBLEMS, decode_media_preferences, encode_cost, told
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.telling import Telling
from pointsman.entrypoints.wire.wire_model import Positive
from pointsman.entrypoints.wire.wishes import WishesBody

MOST_INPUTS: Final = 2_048
# Checked here and not by the form, for what else clients send wants an explanation.
Text = Annotated[Any, WithJsonSchema({"type": "string", "minLength": 1})]


class EmbeddingsBody(WishesBody):
    input: Annotated[str, Field(min_length=1)] | Annotated[list[Text], Field(min_length=1, max_length=MOST_INPUTS)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Positive | None = None
    user: str | None = None


def decode_request(body: EmbeddingsBody) -> ChatRequest:
    refuse_stream(body)
    texts = [body.input] if isinstance(body.input, str) else body.input
    parts = tuple(TextPart(_check_text(text, place)) for place, text in enumerate(texts))
    parameters = told(dimensions=body.dimensions, user=body.user)
    return ChatRequest((Message("user", parts),), parameters=parameters, kind="embeddings", output_modalities=())


def _check_text(text: Any, place: int) -> str:
    field = f"input[{place}]"
    if not isinstance(text, str):
        raise RequestError("Only texts are taken: numbers of tokens mean another text to each model.", field=field)
    if not text:
        raise RequestError("The text is empty.", field=field)
    return text


def encode_reply(body: EmbeddingsBody, telling: Telling, reply: Reply, record: AuditRecord) -> JsonObject:
    return {
        "object": "list",
        "id": telling.subject.id,
        "model": telling.model,
        "provider": telling.provider,
        "data": [
            {"object": "embedding", "index": index, "embedding": _encode_vector(vector, body.encoding_format)}
            for index, vector in enumerate(reply.embeddings)
        ],
        "usage": _encode_usage(record),
        **telling.extras(record),
    }


def _encode_vector(vector: Sequence[float], form: str) -> str | list[float]:
    if form == "float":
        return list(vector)
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _encode_usage(record: AuditRecord) -> JsonObject:
    tokens = record.served.usage.prompt_tokens if record.served else 0
    return {"prompt_tokens": tokens, "total_tokens": tokens, **encode_cost(record)}


def refuse_stream(body: WishesBody) -> None:
    if body.stream:
        raise RequestError("This answer does not come in pieces.", field="stream")


class NoStream:
    """Nothing here comes in pieces; a body cannot ask for it."""

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        raise AssertionError(f"embeddings do not stream, and yet there is {event}")


EMBEDDINGS: Final[WireFamily[EmbeddingsBody]] = WireFamily(
    parse=lambda content, _headers: parse_body(content, EmbeddingsBody),
    decode_request=decode_request,
    decode_preferences=decode_media_preferences,
    encode_reply=encode_reply,
    open_stream=lambda _body, _telling: NoStream(),
    **MEDIA_PROBLEMS,
)
