"""Cohere's embeddings (v2), asked for as documents of a search and as numbers of full precision."""

from collections.abc import Iterable, Iterator
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.embedding_reading import embedded_texts, read_vector
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_text, loose_list, loose_object
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.adapters.providers.dialects.openai_chat.decode_error import decode_error
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.reply import EmbeddingProduced, Finished, ReplyEvent, ReplyStarted, Usage, UsageReported

__all__ = ["decode", "decode_error", "decode_stream", "encode"]


def encode(call: Call) -> UpstreamRequest:
    size = parameters_to_send(call.request, call.card).get("dimensions")
    told = {} if size is None else {"output_dimension": size}
    kind = {"input_type": "search_document", "embedding_types": ["float"]}
    body = {"model": call.upstream_model, "texts": embedded_texts(call), **kind, **told}
    return UpstreamRequest("/v2/embed", {**call.spec.body, **body})


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    yield ReplyStarted(as_text(body.get("id"), "id") or None)
    vectors = [read_vector(vector) for vector in _vectors(body)]
    if not vectors:
        raise MalformedReplyError("the reply holds no embedding")
    for place, vector in enumerate(vectors):
        yield EmbeddingProduced(place, vector)
    yield Finished("stop")
    billed = as_object(as_object(body.get("meta"), "meta").get("billed_units"), "billed_units")
    if billed:
        yield UsageReported(Usage({"input": as_count(billed.get("input_tokens"), "input_tokens")}))


def _vectors(body: JsonObject) -> Iterator[Any]:
    found: Any = body.get("embeddings")
    # Without a type asked for, version 1 gave the list itself.
    yield from loose_list(found) or loose_list(loose_object(found).get("float"))
