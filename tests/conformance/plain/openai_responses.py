"""A plain reading of OpenAI's Responses."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import Call, Ending, Said, counts, ending_in, obj, objects, parse_arguments

ENDINGS = ("response.completed", "response.incomplete", "response.failed")
REASONS = {"max_output_tokens": "length", "max_tokens": "length", "content_filter": "content_filter"}
FAILED = ("failed", "cancelled")


def read(recorded: Exchange) -> Said:
    exchange = replace(recorded, pieces=tuple(_first_reply(recorded)))
    response = _response(exchange)
    output = objects(response.get("output")) or list(_items(exchange))
    calls = tuple(_calls(output))
    return Said(
        text="".join(_deltas(exchange)) if exchange.streamed else "".join(_texts(output)),
        calls=calls,
        ending=_ending(response, has_calls=bool(calls)),
        tokens=_tokens(obj(response.get("usage"))),
        cost_usd=_cost(obj(response.get("usage"))),
        reports_error=_is_error(exchange, response),
    )


def _first_reply(exchange: Exchange) -> Iterator[Any]:
    """Some recordings hold the streams of several requests, one behind the other."""
    for piece in exchange.pieces:
        yield piece
        if obj(piece).get("type") in ENDINGS:
            return


def _response(exchange: Exchange) -> dict[str, Any]:
    if not exchange.streamed:
        return obj(exchange.pieces[0])
    ended = [obj(piece).get("response") for piece in exchange.pieces if obj(piece).get("type") in ENDINGS]
    return obj(ended[-1]) if ended else {}


def _items(exchange: Exchange) -> Iterator[dict[str, Any]]:
    for piece in exchange.pieces:
        if obj(piece).get("type") == "response.output_item.done":
            yield obj(obj(piece).get("item"))


def _deltas(exchange: Exchange) -> Iterator[str]:
    for piece in exchange.pieces:
        if obj(piece).get("type") == "response.output_text.delta":
            yield str(obj(piece).get("delta", ""))


def _texts(output: list[dict[str, Any]]) -> Iterator[str]:
    for item in output:
        if item.get("type") == "message":
            parts = objects(item.get("content"))
            yield from (str(part.get("text", "")) for part in parts if part.get("type") == "output_text")


def _calls(output: list[dict[str, Any]]) -> Iterator[Call]:
    for item in output:
        if item.get("type") == "function_call":
            yield Call(str(item.get("name")), parse_arguments(str(item.get("arguments") or "")))


def _ending(response: dict[str, Any], *, has_calls: bool) -> Ending:
    status = response.get("status")
    if status == "completed":
        return Ending("tool_calls" if has_calls else "stop")
    if status == "incomplete":
        return ending_in(REASONS, str(obj(response.get("incomplete_details")).get("reason")))
    return Ending() if status is None or status in FAILED else Ending(unknown=str(status))


def _is_error(exchange: Exchange, response: dict[str, Any]) -> bool:
    told = any(obj(piece).get("type") == "error" for piece in exchange.pieces)
    return told or bool(response.get("error")) or response.get("status") in FAILED


def _tokens(usage: dict[str, Any]) -> Any:
    if not usage:
        return {}
    inputs, outputs = obj(usage.get("input_tokens_details")), obj(usage.get("output_tokens_details"))
    return counts(
        total=usage.get("total_tokens"),
        cache_read=inputs.get("cached_tokens"),
        cache_write=inputs.get("cache_write_tokens"),
        reasoning=outputs.get("reasoning_tokens"),
    )


def _cost(usage: dict[str, Any]) -> Decimal | None:
    ticks, cost = usage.get("cost_in_usd_ticks"), usage.get("cost")
    if ticks is not None:
        return Decimal(ticks) / 10**10
    return None if cost is None else Decimal(str(cost))
