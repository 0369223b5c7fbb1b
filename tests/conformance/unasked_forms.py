"""Forms of answers that come only to those who ask for them, which Pointsman never does."""

from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import obj, objects


def why_unasked(exchange: Exchange) -> str:
    """Empty where the answer is one that Pointsman could get."""
    if any(_has_partial_arguments(piece) for piece in exchange.pieces):
        return "arguments in pieces come only to those who ask for them (streamFunctionCallArguments)"
    return ""


def _has_partial_arguments(piece: Any) -> bool:
    candidates = objects(obj(piece).get("candidates"))
    parts = [part for candidate in candidates for part in objects(obj(candidate.get("content")).get("parts"))]
    return any("partialArgs" in obj(part.get("functionCall")) for part in parts)
