"""A plain reading of chat completions, in the spellings of all providers that speak them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.conformance.exchanges import Exchange
from tests.conformance.plain.said import CallPieces, Said, counts, ending_in, first, obj, objects

FINISH = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "function_call": "tool_calls",
    "eos": "stop",
    "model_length": "length",
    "error": "error",
}


def read(exchange: Exchange) -> Said:
    choices = list(_first_choices(exchange))
    # Perplexity has both in every answer: the delta is what is new, the message is all so far.
    messages = [obj(choice.get("delta" if exchange.streamed else "message")) for choice in choices]
    finishes = [choice["finish_reason"] for choice in choices if choice.get("finish_reason")]
    return Said(
        text="".join(text for message in messages for text in _texts(message)),
        calls=tuple(_calls(messages)),
        ending=ending_in(FINISH, first(finishes)),
        tokens=_tokens(_usage(exchange)),
        cost_usd=_cost(_usage(exchange)),
        reports_error=any(_is_error(obj(piece)) for piece in exchange.pieces),
    )


def _is_error(piece: dict[str, Any]) -> bool:
    broken = any(choice.get("error") for choice in objects(piece.get("choices")))
    return bool(piece.get("error")) or piece.get("object") == "error" or broken


def _first_choices(exchange: Exchange) -> Iterator[dict[str, Any]]:
    for piece in exchange.pieces:
        for choice in objects(obj(piece).get("choices")):
            if choice.get("index", 0) == 0:
                yield choice


def _texts(message: dict[str, Any]) -> Iterator[str]:
    content: Any = message.get("content") or ""
    if isinstance(content, str):
        yield content
    yield from (str(part.get("text", "")) for part in objects(content) if part.get("type") == "text")
    yield str(obj(message.get("audio")).get("transcript") or "")


def _calls(messages: list[dict[str, Any]]) -> CallPieces:
    pieces = CallPieces()
    for message in messages:
        for position, call in enumerate(objects(message.get("tool_calls"))):
            function = obj(call.get("function"))
            index = call.get("index", position)
            pieces.add(index, function.get("name"), function.get("arguments"), call_id=call.get("id"))
    return pieces


def _usage(exchange: Exchange) -> dict[str, Any]:
    found = [obj(piece).get("usage") or obj(obj(piece).get("x_groq")).get("usage") for piece in exchange.pieces]
    return obj(first(reversed(found)))


def _tokens(usage: dict[str, Any]) -> Any:
    prompt, details = obj(usage.get("prompt_tokens_details")), obj(usage.get("completion_tokens_details"))
    cached = (
        prompt.get("cached_tokens")
        or usage.get("prompt_cache_hit_tokens")
        or usage.get("cached_tokens")
        or usage.get("num_cached_tokens")
        or 0
    )
    written = prompt.get("cache_write_tokens") or 0
    asked, answered = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
    # Grok on Azure counts more cached tokens than prompt tokens, and leaves them out of its total.
    left_out = cached + written if cached + written > asked else 0
    # A total below its parts is none; thoughts beyond both answer and total are no part of either.
    total = max(usage.get("total_tokens") or 0, asked + answered)
    thoughts, beside = details.get("reasoning_tokens"), total - asked - answered
    is_counted = thoughts is not None and (thoughts == beside if beside else thoughts <= answered)
    return counts(
        total=total + left_out if usage.get("total_tokens") else None,
        cache_read=cached if usage else None,
        cache_write=written or None,
        reasoning=thoughts if is_counted else None,
    )


def _cost(usage: dict[str, Any]) -> Decimal | None:
    told: Any = usage.get("cost")
    cost: Any = obj(told).get("total_cost", told) if isinstance(told, dict) else told
    ticks = usage.get("cost_in_usd_ticks")
    if cost is None:
        return None if ticks is None else Decimal(ticks) / 10**10
    return Decimal(str(cost))
