"""Writes an answer as OpenAI's response object, whole or as the typed events that build it."""

import json
from collections.abc import Iterator
from typing import Any

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.field_reading import child
from local.simulated_providers.exchange import Exchange, Frame, ToolUse

_SECRET = "c2ltdWxhdGVkIHRob3VnaHQ="
_ARGUMENT_PIECE = 12


def encode(exchange: Exchange) -> JsonObject:
    return {**_head(exchange), "output": [item for item, _ in _items(exchange)], **_ending(exchange)}


def encode_stream(exchange: Exchange) -> Iterator[Frame]:
    empty: JsonObject = {**_head(exchange), "status": "in_progress", "output": [], "usage": None}
    yield event({"type": "response.created", "response": empty})
    yield event({"type": "response.in_progress", "response": empty})
    for index, (item, deltas) in enumerate(_items(exchange)):
        place = {"output_index": index}
        yield event({"type": "response.output_item.added", **place, "item": _emptied(item)})
        for delta in deltas:
            yield event({**delta, **place, "item_id": item["id"]}, tokens=1)
        yield event({"type": "response.output_item.done", **place, "item": item})
    whole = encode(exchange)
    yield event({"type": f"response.{whole['status']}", "response": whole})


def event(body: JsonObject, *, tokens: int = 0) -> Frame:
    data = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Frame(f"event: {body['type']}\ndata: {data}\n\n", tokens)


def _items(exchange: Exchange) -> Iterator[tuple[JsonObject, list[JsonObject]]]:
    """Each item whole, with the events that build it."""
    answer, wish = exchange.answer, child(exchange.call.body, "reasoning")
    if exchange.ask.is_thinking:
        yield _reasoning(exchange, answer.thought if wish.get("summary") else ())
    if answer.text:
        part: dict[str, Any] = {"type": "output_text", "text": "".join(answer.text), "annotations": []}
        item = {"id": f"msg_{exchange.id}", "type": "message", "role": "assistant", "status": "completed"}
        kind = "response.output_text.delta"
        yield {**item, "content": [part]}, [{"type": kind, "content_index": 0, "delta": piece} for piece in answer.text]
    for place, use in enumerate(answer.tool_uses):
        yield _call(exchange, place, use)


def _reasoning(exchange: Exchange, shown: tuple[str, ...]) -> tuple[JsonObject, list[JsonObject]]:
    summary = [{"type": "summary_text", "text": "".join(shown)}] if shown else []
    wants_secret = "reasoning.encrypted_content" in (exchange.call.body.get("include") or [])
    secret = {"encrypted_content": _SECRET} if wants_secret else {}
    kind = "response.reasoning_summary_text.delta"
    deltas: list[JsonObject] = [{"type": kind, "summary_index": 0, "delta": piece} for piece in shown]
    return {"id": f"rs_{exchange.id}", "type": "reasoning", "summary": summary, **secret}, deltas


def _call(exchange: Exchange, place: int, use: ToolUse) -> tuple[JsonObject, list[JsonObject]]:
    arguments = json.dumps(use.arguments, ensure_ascii=False)
    identity = {"id": f"fc_{exchange.id}{place:02}", "call_id": f"call_{exchange.id}{place:02}"}
    pieces = (arguments[start : start + _ARGUMENT_PIECE] for start in range(0, len(arguments), _ARGUMENT_PIECE))
    deltas: list[JsonObject] = [{"type": "response.function_call_arguments.delta", "delta": piece} for piece in pieces]
    call = {**identity, "type": "function_call", "name": use.name, "arguments": arguments, "status": "completed"}
    return call, deltas


def _emptied(item: JsonObject) -> JsonObject:
    empty: JsonObject = {"content": [], "summary": [], "arguments": "", "status": "in_progress"}
    return {name: empty.get(name, value) for name, value in item.items()}


def _head(exchange: Exchange) -> dict[str, Any]:
    return {
        "id": f"resp_{exchange.id}",
        "object": "response",
        "created_at": exchange.created,
        "model": exchange.ask.model,
        "error": None,
    }


def _ending(exchange: Exchange) -> dict[str, Any]:
    counts = exchange.counts
    is_cut = exchange.answer.finish == "length"
    usage = {
        "input_tokens": counts.prompt,
        "input_tokens_details": {"cached_tokens": counts.cached, "cache_write_tokens": 0},
        "output_tokens": counts.completion,
        "output_tokens_details": {"reasoning_tokens": counts.thought},
        "total_tokens": counts.prompt + counts.completion,
    }
    details = {"reason": "max_output_tokens"} if is_cut else None
    return {"status": "incomplete" if is_cut else "completed", "incomplete_details": details, "usage": usage}
