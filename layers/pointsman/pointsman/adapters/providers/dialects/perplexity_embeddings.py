"""Perplexity's embeddings: OpenAI's form, with vectors of signed bytes in base64."""

import base64
import binascii
from collections.abc import Iterable

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.embedding_reading import embedded_texts
from pointsman.adapters.providers.dialects.json_reading import as_count, as_objects, as_text
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_request_reading import settings_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.adapters.providers.dialects.openai_embeddings import read_usage
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import EmbeddingProduced, Finished, ReplyEvent, ReplyStarted

__all__ = ["decode", "decode_error", "decode_stream", "encode"]


def encode(call: Call) -> UpstreamRequest:
    body = {"model": call.upstream_model, "input": embedded_texts(call), "encoding_format": "base64_int8"}
    return UpstreamRequest("/v1/embeddings", {**call.spec.body, **body, **settings_of(call)})


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    yield ReplyStarted(upstream_model=as_text(body.get("model"), "model") or None)
    items = as_objects(body.get("data"), "data")
    if not items:
        raise MalformedReplyError("data holds no embedding")
    for item in items:
        packed = as_text(item.get("embedding"), "embedding")
        yield EmbeddingProduced(as_count(item.get("index"), "index"), _read_bytes(packed))
    yield Finished("stop")
    yield from read_usage(body)


def _read_bytes(text: str) -> tuple[float, ...]:
    try:
        packed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedReplyError("embedding is not base64") from error
    if not packed:
        raise MalformedReplyError("embedding is empty")
    return tuple(float(byte - 256 if byte > 127 else byte) for byte in packed)
