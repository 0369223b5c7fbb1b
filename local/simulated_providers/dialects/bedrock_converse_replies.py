"""Writes an answer as Bedrock's Converse reply, whole or as frames of AWS's event stream."""

import json
from collections.abc import Iterator
from typing import Any

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.aws_event_stream import write_event
from local.simulated_providers.exchange import Exchange, Finish, Frame, ToolUse

STREAM_TYPE = "application/vnd.amazon.eventstream"
_STOP_REASONS: dict[Finish, str] = {
    "stop": "end_turn",
    "stop_sequence": "stop_sequence",
    "length": "max_tokens",
    "tool_calls": "tool_use",
}
_SIGNATURE = "c2ltdWxhdGVkIHNpZ25hdHVyZQ=="
_ARGUMENT_PIECE = 12


def encode(exchange: Exchange) -> JsonObject:
    message = {"role": "assistant", "content": [block for block, _, _ in _blocks(exchange)]}
    return {"output": {"message": message}, "stopReason": _stop_reason(exchange), **_figures(exchange)}


def encode_stream(exchange: Exchange) -> Iterator[Frame]:
    yield _event("messageStart", {"role": "assistant"})
    for index, (_, start, deltas) in enumerate(_blocks(exchange)):
        place = {"contentBlockIndex": index}
        # Only tool calls are opened; everything else begins with its first piece.
        if start:
            yield _event("contentBlockStart", {**place, "start": start})
        for delta in deltas:
            yield _event("contentBlockDelta", {**place, "delta": delta}, tokens=1)
        yield _event("contentBlockStop", place)
    yield _event("messageStop", {"stopReason": _stop_reason(exchange)})
    yield _event("metadata", _figures(exchange))


def _event(name: str, body: JsonObject, *, tokens: int = 0) -> Frame:
    return Frame(write_event(name, {**body, "p": "abcdefghij"[: 1 + len(body)]}), tokens)


def _blocks(exchange: Exchange) -> Iterator[tuple[JsonObject, JsonObject | None, list[JsonObject]]]:
    """Each block whole, with its opening where it has one, and the deltas that build it."""
    answer = exchange.answer
    if answer.thought:
        text = {"text": "".join(answer.thought), "signature": _SIGNATURE}
        pieces: list[JsonObject] = [{"text": piece} for piece in answer.thought]
        deltas: list[JsonObject] = [{"reasoningContent": piece} for piece in [*pieces, {"signature": _SIGNATURE}]]
        yield {"reasoningContent": {"reasoningText": text}}, None, deltas
    if answer.text:
        yield {"text": "".join(answer.text)}, None, [{"text": piece} for piece in answer.text]
    for place, use in enumerate(answer.tool_uses):
        opening = {"toolUseId": f"tooluse_{exchange.id}{place:02}", "name": use.name}
        yield {"toolUse": {**opening, "input": use.arguments}}, {"toolUse": opening}, _argument_deltas(use)


def _argument_deltas(use: ToolUse) -> list[JsonObject]:
    text = json.dumps(use.arguments, ensure_ascii=False) if use.arguments else ""
    starts = range(0, len(text), _ARGUMENT_PIECE)
    return [{"toolUse": {"input": text[start : start + _ARGUMENT_PIECE]}} for start in starts]


def _stop_reason(exchange: Exchange) -> str:
    return _STOP_REASONS[exchange.answer.finish]


def _figures(exchange: Exchange) -> dict[str, Any]:
    counts = exchange.counts
    usage: dict[str, Any] = {
        "inputTokens": counts.prompt - counts.cached - counts.newly_cached,
        "cacheReadInputTokens": counts.cached,
        "cacheWriteInputTokens": counts.newly_cached,
        "outputTokens": counts.completion,
        "totalTokens": counts.prompt + counts.completion,
        "serverToolUsage": {},
    }
    return {"usage": usage, "metrics": {"latencyMs": 1}}
