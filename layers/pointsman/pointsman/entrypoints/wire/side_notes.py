"""What comes beside a text, such as citations and logprobs, with every field that OpenAI's published schema demands."""

from typing import Any

from pointsman.domain.json_types import JsonObject


def url_citation(annotation: JsonObject) -> dict[str, Any]:
    """The fields of a citation of a page; a place in the text that no provider named is its start."""
    inner: JsonObject = annotation.get("url_citation") or {}
    place = {"start_index": inner.get("start_index") or 0, "end_index": inner.get("end_index") or 0}
    return {**inner, "url": inner.get("url") or "", "title": inner.get("title") or "", **place}


def logprob_entries(logprobs: JsonObject, *, no_bytes: Any) -> list[JsonObject]:
    """`no_bytes` is what the wire says of a token that has none."""
    return [_complete(entry, no_bytes) for entry in logprobs.get("content") or ()]


def _complete(entry: JsonObject, no_bytes: Any) -> JsonObject:
    known = no_bytes if entry.get("bytes") is None else entry["bytes"]
    return {**entry, "bytes": known, "top_logprobs": entry.get("top_logprobs") or []}
