"""OpenAI's embeddings, as Mistral and OpenRouter take and give them too."""

import base64
import binascii
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.embedding_reading import embedded_texts, read_vector
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects, as_text
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.media_reading import read_cost, refuse_error
from pointsman.adapters.providers.dialects.media_request_reading import settings_of
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import EmbeddingProduced, Finished, ReplyEvent, ReplyStarted, Usage, UsageReported

__all__ = ["decode", "decode_error", "decode_stream", "encode"]

FLOAT_BYTES = 4


def encode(call: Call) -> UpstreamRequest:
    body = {"model": call.upstream_model, "input": embedded_texts(call), "encoding_format": "float"}
    return UpstreamRequest("/embeddings", {**call.spec.body, **body, **settings_of(call)})


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    refuse_error(body)
    yield ReplyStarted(as_text(body.get("id"), "id") or None, as_text(body.get("model"), "model") or None)
    items = as_objects(body.get("data"), "data")
    if not items:
        raise MalformedReplyError("data holds no embedding")
    for place, item in enumerate(items):
        number = place if item.get("index") is None else as_count(item["index"], "index")
        yield EmbeddingProduced(number, _read_embedding(item.get("embedding")))
    yield Finished("stop")
    yield from read_usage(body)


def read_usage(body: JsonObject) -> Iterator[UsageReported]:
    usage = as_object(body.get("usage"), "usage")
    if usage:
        yield UsageReported(Usage({"input": as_count(usage.get("prompt_tokens"), "prompt_tokens")}, read_cost(usage)))


def _read_embedding(value: Any) -> tuple[float, ...]:
    return read_vector(value) if not isinstance(value, str) else _read_floats(value)


def _read_floats(text: str) -> tuple[float, ...]:
    """Base64 of little-endian floats of four bytes, which OpenAI's clients ask for."""
    try:
        packed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedReplyError("embedding is not base64") from error
    if not packed or len(packed) % FLOAT_BYTES:
        raise MalformedReplyError("embedding is not of whole numbers")
    return struct.unpack(f"<{len(packed) // FLOAT_BYTES}f", packed)
