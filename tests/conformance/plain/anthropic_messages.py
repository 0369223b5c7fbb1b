"""A plain reading of Anthropic's messages."""

from collections.abc import Iterator
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import Call, Said, counts, ending_in, first, obj, objects, parse_arguments

FINISH = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "compaction": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}


def read(exchange: Exchange) -> Said:
    pieces = [obj(piece) for piece in exchange.pieces]
    reasons = [obj(piece.get("delta")).get("stop_reason") or piece.get("stop_reason") for piece in pieces]
    return Said(
        text="".join(_texts(pieces)),
        calls=tuple(_calls(pieces)),
        ending=ending_in(FINISH, first(reasons)),
        tokens=_tokens(pieces),
        reports_error=any(piece.get("type") == "error" for piece in pieces),
    )


def _blocks(pieces: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Whole blocks, and the blocks that a stream begins."""
    for piece in pieces:
        yield from objects(piece.get("content"))
        if piece.get("type") == "content_block_start":
            yield obj(piece.get("content_block")) | {"_index": piece.get("index")}


def _texts(pieces: list[dict[str, Any]]) -> Iterator[str]:
    for piece in pieces:
        blocks = objects(piece.get("content")) or [obj(piece.get("content_block")), obj(piece.get("delta"))]
        yield from (str(block.get("text", "")) for block in blocks if block.get("type") in ("text", "text_delta"))


def _calls(pieces: list[dict[str, Any]]) -> Iterator[Call]:
    for block in _blocks(pieces):
        if block.get("type") != "tool_use":
            continue
        written = "".join(
            str(obj(piece.get("delta")).get("partial_json", ""))
            for piece in pieces
            if "_index" in block and piece.get("index") == block["_index"]
        )
        yield Call(str(block.get("name")), parse_arguments(written) if written.strip() else block.get("input") or {})


def _tokens(pieces: list[dict[str, Any]]) -> Any:
    usage: dict[str, Any] = {}
    for piece in pieces:
        for holder in (obj(piece.get("message")), piece):
            usage |= {name: value for name, value in obj(holder.get("usage")).items() if value is not None}
    if not usage:
        return {}
    read, write = "cache_read_input_tokens", "cache_creation_input_tokens"
    # The top counts only the last pass over the conversation, while all passes are billed.
    passes = objects(usage.get("iterations")) or [usage]
    return counts(
        total=sum(each.get(name) or 0 for each in passes for name in ("input_tokens", read, write, "output_tokens")),
        cache_read=sum(each.get(read) or 0 for each in passes),
        cache_write=sum(each.get(write) or 0 for each in passes),
        reasoning=obj(usage.get("output_tokens_details")).get("thinking_tokens"),
    )
