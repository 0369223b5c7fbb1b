"""A plain reading of Gemini's generateContent."""

from collections.abc import Iterator
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import Call, Ending, Said, counts, ending_in, first, obj, objects

FINISH = {
    **dict.fromkeys(("MAX_TOKENS", "CONTINUATION"), "length"),
    **dict.fromkeys(
        (
            "SAFETY",
            "RECITATION",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "LANGUAGE",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
            "IMAGE_OTHER",
            "MODEL_ARMOR",
        ),
        "content_filter",
    ),
    **dict.fromkeys(
        (
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "MALFORMED_RESPONSE",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "NO_IMAGE",
            "OTHER",
        ),
        "error",
    ),
    "STOP": "stop",
}

# As Vertex writes them where its caller's address asks for numbers.
NUMBERED: dict[Any, str] = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION", 5: "OTHER", 6: "BLOCKLIST"}


def read(exchange: Exchange) -> Said:
    candidates = list(_first_candidates(exchange))
    parts = [part for candidate in candidates for part in objects(obj(candidate.get("content")).get("parts"))]
    calls = tuple(_calls(parts))
    ending = ending_in(FINISH, _reason(candidates))
    blocked = any(obj(obj(piece).get("promptFeedback")).get("blockReason") for piece in exchange.pieces)
    if ending == Ending("stop") and calls:
        ending = Ending("tool_calls")
    if ending == Ending() and blocked:
        ending = Ending("content_filter")
    return Said(
        text="".join(str(part["text"]) for part in parts if "text" in part and not part.get("thought")),
        calls=calls,
        ending=ending,
        tokens=_tokens(exchange),
        reports_error=any(obj(piece).get("error") for piece in exchange.pieces),
    )


def _first_candidates(exchange: Exchange) -> Iterator[dict[str, Any]]:
    for piece in exchange.pieces:
        for candidate in objects(obj(piece).get("candidates")):
            if candidate.get("index", 0) == 0:
                yield candidate


def _reason(candidates: list[dict[str, Any]]) -> str | None:
    found = [candidate["finishReason"] for candidate in candidates if candidate.get("finishReason")]
    return str(NUMBERED.get(found[0], found[0])) if found else None


def _calls(parts: list[dict[str, Any]]) -> Iterator[Call]:
    for part in parts:
        if "functionCall" in part:
            yield Call(str(part["functionCall"].get("name")), part["functionCall"].get("args") or {})


def _tokens(exchange: Exchange) -> Any:
    found = [obj(obj(piece).get("usageMetadata")) for piece in exchange.pieces]
    usage = obj(first(usage for usage in reversed(found) if "totalTokenCount" in usage))
    if not usage:
        return {}
    parts = ("promptTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount", "thoughtsTokenCount")
    return counts(
        # Its total is at times not the sum of its parts, of which each is billed.
        total=sum(usage.get(name) or 0 for name in parts),
        cache_read=usage.get("cachedContentTokenCount", 0),
        reasoning=usage.get("thoughtsTokenCount", 0),
    )
