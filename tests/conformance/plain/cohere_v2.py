"""A plain reading of Cohere's chat, version 2."""

from collections.abc import Iterator
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import CallPieces, Said, counts, ending_in, obj, objects

FINISH = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR_TOXIC": "content_filter",
    "ERROR": "error",
    "TIMEOUT": "error",
}


def read(exchange: Exchange) -> Said:
    pieces = [obj(piece) for piece in exchange.pieces]
    endings = [end for end in map(_ending, pieces) if end.get("finish_reason")]
    ending = endings[-1] if endings else {}
    return Said(
        text="".join(text for piece in pieces for text in _texts(piece)),
        calls=tuple(_calls(pieces)),
        ending=ending_in(FINISH, ending.get("finish_reason")),
        tokens=_tokens(obj(ending.get("usage"))),
        reports_error=any(piece.get("type") == "error" or obj(piece.get("delta")).get("error") for piece in pieces),
    )


def _ending(piece: dict[str, Any]) -> dict[str, Any]:
    return obj(piece.get("delta")) if piece.get("type") == "message-end" else piece


def _message(piece: dict[str, Any]) -> dict[str, Any]:
    return obj(obj(piece.get("delta")).get("message") or piece.get("message"))


def _texts(piece: dict[str, Any]) -> Iterator[str]:
    content: Any = _message(piece).get("content")
    for part in objects(content) or [obj(content)]:
        yield str(part.get("text") or "")


def _calls(pieces: list[dict[str, Any]]) -> CallPieces:
    calls = CallPieces()
    for piece in pieces:
        told: Any = _message(piece).get("tool_calls")
        for position, call in enumerate(objects(told) or objects([told])):
            function = obj(call.get("function"))
            calls.add(piece.get("index", position), function.get("name"), function.get("arguments"))
    return calls


def _tokens(usage: dict[str, Any]) -> Any:
    tokens = obj(usage.get("tokens"))
    if not tokens:
        return {}
    # A picture's tokens stand beside the prompt's: what is billed shows it.
    total = sum(tokens.get(name) or 0 for name in ("input_tokens", "image_tokens", "output_tokens"))
    return counts(total=total, cache_read=usage.get("cached_tokens"))
