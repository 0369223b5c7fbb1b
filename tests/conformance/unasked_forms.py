"""Forms of answers that come only to those who ask for them, which Pointsman never does."""

from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import obj, objects


def why_unasked(exchange: Exchange) -> str:
    """Empty where the answer is one that Pointsman could get."""
    if any(_has_partial_arguments(piece) for piece in exchange.pieces):
        return "arguments in pieces come only to those who ask for them (streamFunctionCallArguments)"
    if any(_has_custom_calls(piece) for piece in exchange.pieces):
        return "calls of custom tools come only to those who have such tools, and Pointsman takes functions alone"
    return ""


def _has_custom_calls(piece: Any) -> bool:
    messages = [obj(choice.get("message") or choice.get("delta")) for choice in objects(obj(piece).get("choices"))]
    return any(call.get("type") == "custom" for message in messages for call in objects(message.get("tool_calls")))


def _has_partial_arguments(piece: Any) -> bool:
    candidates = objects(obj(piece).get("candidates"))
    parts = [part for candidate in candidates for part in objects(obj(candidate.get("content")).get("parts"))]
    return any("partialArgs" in obj(part.get("functionCall")) for part in parts)
