"""A plain reading of media: pictures, sounds, transcripts, vectors and films, whoever made them."""

import base64
from decimal import Decimal
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import Ending, Said, counts, obj, objects


def _body(exchange: Exchange) -> dict[str, Any]:
    return obj(exchange.pieces[-1]) if exchange.pieces else {}


def read_images(exchange: Exchange) -> Said:
    body = _body(exchange)
    usage = obj(body.get("usage"))
    ticks = usage.get("cost_in_usd_ticks")
    return Said(
        media=len(objects(body.get("data"))),
        ending=Ending("stop"),
        tokens=counts(total=usage.get("total_tokens")),
        cost_usd=None if ticks is None else Decimal(ticks) / 10**10,
        reports_error="error" in body,
    )


def read_speech(exchange: Exchange) -> Said:
    """Bytes, Mistral's JSON, or events with pieces."""
    if not exchange.pieces:
        return Said(media=1, ending=Ending("stop"))
    pieces = [obj(piece) for piece in exchange.pieces]
    sounds = [piece for piece in pieces if piece.get("audio") or piece.get("audio_data")]
    return Said(media=len(sounds), ending=Ending("stop"), tokens=_tokens(obj(pieces[-1].get("usage"))))


def read_transcript(exchange: Exchange) -> Said:
    """The last event of a stream repeats the whole text."""
    body = _body(exchange)
    cost = obj(body.get("usage")).get("cost")
    return Said(
        text=str(body.get("text", "")),
        ending=Ending("stop"),
        tokens=_tokens(obj(body.get("usage"))),
        cost_usd=None if cost is None else Decimal(str(cost)),
    )


def _tokens(usage: dict[str, Any]) -> Any:
    return counts(total=usage.get("total_tokens"))


def read_vectors(exchange: Exchange) -> Said:
    body = _body(exchange)
    found = body.get("embeddings")
    told: list[Any] = [item.get("embedding") for item in objects(body.get("data"))]
    told += [item.get("values") for item in objects(found)]
    told += obj(found).get("float") or []
    told += [obj(body["embedding"]).get("values")] if "embedding" in body else []
    return Said(vectors=tuple(_length(vector, exchange.provider) for vector in told), ending=Ending("stop"))


def _length(vector: Any, provider: str) -> int:
    """Perplexity packs bytes, the others numbers of four."""
    if isinstance(vector, str):
        return len(base64.b64decode(vector)) // (1 if provider == "perplexity" else 4)
    return len(vector)


def read_order(exchange: Exchange) -> Said:
    """The start of a film, or a state of it."""
    body = _body(exchange)
    job = body.get("request_id") or (None if "done" in body or "response" in body else body.get("name"))
    status = "completed" if body.get("status") == "done" or body.get("done") else "in_progress"
    return Said(job=str(job) if job else None, job_status=None if job else status, ending=Ending("stop"))
