"""Writes an answer as an Anthropic message, whole or as `event:` and `data:` lines of typed blocks."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.exchange import Exchange, Finish, Frame, ToolUse

_STOP_REASONS: dict[Finish, str] = {
    "stop": "end_turn",
    "stop_sequence": "stop_sequence",
    "length": "max_tokens",
    "tool_calls": "tool_use",
}
_SIGNATURE = "c2ltdWxhdGVkIHNpZ25hdHVyZQ=="
_ARGUMENT_PIECE = 12


def encode(exchange: Exchange) -> JsonObject:
    content = [block for block, _ in _blocks(exchange)]
    return {**_head(exchange), "content": content, **_stop(exchange), "usage": _usage(exchange)}


def encode_stream(exchange: Exchange) -> Iterator[Frame]:
    empty: JsonObject = {"content": [], "stop_reason": None, "stop_sequence": None}
    usage = {**_usage(exchange), "output_tokens": 1}
    yield event({"type": "message_start", "message": {**_head(exchange), **empty, "usage": usage}})
    blocks = enumerate(_blocks(exchange))
    yield from chain.from_iterable(_stream_block(index, block, deltas) for index, (block, deltas) in blocks)
    usage = {key: value for key, value in _usage(exchange).items() if key not in ("cache_creation", "service_tier")}
    yield event({"type": "message_delta", "delta": _stop(exchange), "usage": usage})
    yield event({"type": "message_stop"})


def event(body: JsonObject, *, tokens: int = 0) -> Frame:
    data = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Frame(f"event: {body['type']}\ndata: {data}\n\n", tokens)


def _stream_block(index: int, block: JsonObject, deltas: list[JsonObject]) -> Iterator[Frame]:
    empty: JsonObject = {"thinking": "", "signature": "", "text": "", "input": {}}
    opening = {key: empty.get(key, value) for key, value in block.items()}
    yield event({"type": "content_block_start", "index": index, "content_block": opening})
    if index == 0:
        yield event({"type": "ping"})
    for delta in deltas:
        yield event({"type": "content_block_delta", "index": index, "delta": delta}, tokens=1)
    yield event({"type": "content_block_stop", "index": index})


def _blocks(exchange: Exchange) -> Iterator[tuple[JsonObject, list[JsonObject]]]:
    """Each block whole, with the deltas that build it."""
    answer = exchange.answer
    if answer.thought:
        thinking = {"type": "thinking", "thinking": "".join(answer.thought), "signature": _SIGNATURE}
        deltas: list[JsonObject] = [{"type": "thinking_delta", "thinking": piece} for piece in answer.thought]
        yield thinking, [*deltas, {"type": "signature_delta", "signature": _SIGNATURE}]
    if answer.text:
        yield (
            {"type": "text", "text": "".join(answer.text)},
            [{"type": "text_delta", "text": piece} for piece in answer.text],
        )
    for place, use in enumerate(answer.tool_uses):
        identity = f"toolu_{exchange.id}{place:02}"
        yield {"type": "tool_use", "id": identity, "name": use.name, "input": use.arguments}, _argument_deltas(use)


def _argument_deltas(use: ToolUse) -> list[JsonObject]:
    """The first piece is empty, as the real one's is; a tool without arguments has no other."""
    text = json.dumps(use.arguments, ensure_ascii=False) if use.arguments else ""
    starts = range(0, len(text), _ARGUMENT_PIECE)
    pieces = ["", *(text[start : start + _ARGUMENT_PIECE] for start in starts)]
    return [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]


def _head(exchange: Exchange) -> dict[str, Any]:
    return {"model": exchange.ask.model, "id": f"msg_{exchange.id}", "type": "message", "role": "assistant"}


def _stop(exchange: Exchange) -> JsonObject:
    answer = exchange.answer
    return {"stop_reason": _STOP_REASONS[answer.finish], "stop_sequence": answer.stopped_by}


def _usage(exchange: Exchange) -> JsonObject:
    counts = exchange.counts
    thoughts = {"output_tokens_details": {"thinking_tokens": counts.thought}} if counts.thought else {}
    return {
        "input_tokens": counts.prompt - counts.cached - counts.newly_cached,
        "cache_creation_input_tokens": counts.newly_cached,
        "cache_read_input_tokens": counts.cached,
        "cache_creation": {"ephemeral_5m_input_tokens": counts.newly_cached, "ephemeral_1h_input_tokens": 0},
        "output_tokens": counts.completion,
        "service_tier": "standard",
        **thoughts,
    }
