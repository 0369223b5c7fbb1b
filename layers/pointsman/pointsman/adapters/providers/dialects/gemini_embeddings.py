"""Google's embeddings: a batch of the Gemini API; single ones and predictions of Vertex AI are read too."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError, UpstreamRequest
from pointsman.adapters.providers.dialects.embedding_reading import embedded_texts, read_vector
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_error import decode_error
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects
from pointsman.adapters.providers.dialects.media_reading import never_streams as decode_stream
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.reply import EmbeddingProduced, Finished, ReplyEvent, ReplyStarted, Usage, UsageReported

__all__ = ["decode", "decode_error", "decode_stream", "encode"]


def encode(call: Call) -> UpstreamRequest:
    size = parameters_to_send(call.request, call.card).get("dimensions")
    told = {} if size is None else {"outputDimensionality": size}
    requests = [
        {"model": f"models/{call.upstream_model}", "content": {"parts": [{"text": text}]}, **told}
        for text in embedded_texts(call)
    ]
    path = f"/models/{quote(call.upstream_model, safe='')}:batchEmbedContents"
    return UpstreamRequest(path, {**call.spec.body, "requests": requests})


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    yield ReplyStarted()
    vectors = [read_vector(values) for values in _values(body)]
    if not vectors:
        raise MalformedReplyError("the reply holds no embedding")
    for place, vector in enumerate(vectors):
        yield EmbeddingProduced(place, vector)
    yield Finished("stop")
    tokens = _tokens(body)
    if tokens:
        yield UsageReported(Usage({"input": tokens}))


def _values(body: JsonObject) -> Iterator[Any]:
    yield from (item.get("values") for item in as_objects(body.get("embeddings"), "embeddings"))
    if "embedding" in body:
        yield as_object(body["embedding"], "embedding").get("values")
    yield from (item.get("values") for item in _predicted(body))


def _tokens(body: JsonObject) -> int:
    told = as_object(body.get("usageMetadata"), "usageMetadata").get("promptTokenCount")
    counted = [as_object(item.get("statistics"), "statistics").get("token_count") for item in _predicted(body)]
    return as_count(told, "promptTokenCount") or sum(as_count(count, "token_count") for count in counted)


def _predicted(body: JsonObject) -> Iterator[JsonObject]:
    for prediction in as_objects(body.get("predictions"), "predictions"):
        yield as_object(prediction.get("embeddings"), "embeddings")
