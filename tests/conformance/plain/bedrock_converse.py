"""A plain reading of Bedrock's Converse."""

from collections.abc import Iterator
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import Call, CallPieces, Said, counts, ending_in, first, obj, objects

FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "refusal": "content_filter",
    "malformed_model_output": "error",
    "malformed_tool_use": "error",
}


def read(exchange: Exchange) -> Said:
    return _read_stream(exchange) if exchange.streamed else _read_whole(obj(exchange.pieces[0]))


def _read_whole(body: dict[str, Any]) -> Said:
    blocks = objects(obj(obj(body.get("output")).get("message")).get("content"))
    uses = [obj(block["toolUse"]) for block in blocks if _is_call(obj(block.get("toolUse")))]
    return Said(
        text="".join(_text(block) for block in blocks),
        calls=tuple(Call(str(use.get("name")), use.get("input") or {}) for use in uses),
        ending=ending_in(FINISH, body.get("stopReason")),
        tokens=_tokens(obj(body.get("usage"))),
    )


def _is_call(use: dict[str, Any]) -> bool:
    """A tool that Bedrock runs by itself is no call to its caller."""
    return bool(use) and use.get("type") != "server_tool_use"


def _text(block: dict[str, Any]) -> str:
    cited = objects(obj(block.get("citationsContent")).get("content"))
    return str(block.get("text", "")) + "".join(str(piece.get("text", "")) for piece in cited)


def _read_stream(exchange: Exchange) -> Said:
    calls, own = CallPieces(), set[Any]()
    for event in exchange.pieces:
        started = obj(event.get("contentBlockStart"))
        use = obj(obj(started.get("start")).get("toolUse"))
        if _is_call(use):
            own.add(started.get("contentBlockIndex"))
            calls.add(started.get("contentBlockIndex"), use.get("name"), "")
        delta = obj(event.get("contentBlockDelta"))
        piece = obj(obj(delta.get("delta")).get("toolUse")).get("input")
        if piece is not None and delta.get("contentBlockIndex") in own:
            calls.add(delta.get("contentBlockIndex"), None, piece)
    deltas = _payloads(exchange, "contentBlockDelta")
    return Said(
        text="".join(str(obj(delta.get("delta")).get("text", "")) for delta in deltas),
        calls=tuple(calls),
        ending=ending_in(FINISH, obj(first(_payloads(exchange, "messageStop"))).get("stopReason")),
        tokens=_tokens(obj(obj(first(_payloads(exchange, "metadata"))).get("usage"))),
        reports_error=any(name.endswith("Exception") for event in exchange.pieces for name in event),
    )


def _payloads(exchange: Exchange, name: str) -> Iterator[dict[str, Any]]:
    return (obj(event[name]) for event in exchange.pieces if name in event)


def _tokens(usage: dict[str, Any]) -> Any:
    return counts(
        total=usage.get("totalTokens"),
        cache_read=usage.get("cacheReadInputTokens"),
        cache_write=usage.get("cacheWriteInputTokens"),
    )
