"""Thoughts kept for the next turn, in OpenRouter's `reasoning_details` form. Knows no provider."""

from collections.abc import Iterable
from typing import Any

from pointsman.domain.json_types import JsonObject

# These grow piece by piece while an answer streams; all other fields come once, and secrets come whole.
GROWING_FIELDS = ("text", "summary")
ENCRYPTED = "reasoning.encrypted"


def join_details(pieces: Iterable[JsonObject]) -> tuple[JsonObject, ...]:
    """Whole details from streamed pieces: neighbours of the same type and index are one."""
    joined: list[dict[str, Any]] = []
    for piece in pieces:
        if joined and _continues(joined[-1], piece):
            joined[-1] = _join(joined[-1], piece)
        else:
            joined.append(dict(piece))
    return tuple(joined)


def text_of_details(details: Iterable[JsonObject]) -> str:
    return "".join(str(detail.get("text") or detail.get("summary") or "") for detail in details)


def _continues(before: JsonObject, piece: JsonObject) -> bool:
    if piece.get("type") == ENCRYPTED or before.get("signature"):
        return False
    # Without an index nobody can say that two belong together.
    same_place = piece.get("index") is not None and piece.get("index") == before.get("index")
    return same_place and piece.get("type") == before.get("type") and piece.get("id") in (None, before.get("id"))


def _join(before: JsonObject, piece: JsonObject) -> dict[str, Any]:
    grown = {
        name: f"{before.get(name) or ''}{piece.get(name) or ''}"
        for name in GROWING_FIELDS
        if before.get(name) is not None or piece.get(name) is not None
    }
    told = {name: value for name, value in piece.items() if value is not None}
    return {**before, **told, **grown}
