"""Writes an answer as OpenAI's chat completion, whole or in `data:` events that end with [DONE]."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.dialects.field_reading import child
from local.simulated_providers.dialects.openai_variations import variation_of
from local.simulated_providers.exchange import Exchange, Finish, Frame, ToolUse

_FINISH: dict[Finish, str] = {
    "stop": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
}
_ARGUMENT_PIECE = 12


def encode(exchange: Exchange) -> JsonObject:
    message, logprobs = _message(exchange), _logprobs(exchange, exchange.answer.text)
    choices = [
        {"index": index, "message": message, "logprobs": logprobs, "finish_reason": _FINISH[exchange.answer.finish]}
        for index in range(exchange.ask.choices)
    ]
    return {**_head(exchange, "chat.completion"), "choices": choices, "usage": _usage(exchange)}


def encode_stream(exchange: Exchange) -> Iterator[Frame]:
    asks_usage = child(exchange.call.body, "stream_options").get("include_usage", False)
    unsaid = {"usage": None} if asks_usage else {}
    always = variation_of(exchange.call.provider).always_reports_usage
    for index in range(exchange.ask.choices):
        for delta, tokens in _deltas(exchange):
            yield _chunk(exchange, index, delta, tokens=tokens, rest=unsaid)
        usage = {"usage": _usage(exchange)} if always else unsaid
        yield _chunk(exchange, index, {}, finish=_FINISH[exchange.answer.finish], rest=usage)
    if asks_usage and not always:
        yield event({**_head(exchange, "chat.completion.chunk"), "choices": [], "usage": _usage(exchange)})
    yield Frame("data: [DONE]\n\n")


def event(body: JsonObject, *, tokens: int = 0) -> Frame:
    return Frame(f"data: {json.dumps(body, separators=(',', ':'), ensure_ascii=False)}\n\n", tokens)


def _chunk(
    exchange: Exchange,
    index: int,
    delta: JsonObject,
    *,
    finish: str | None = None,
    tokens: int = 0,
    rest: JsonObject,
) -> Frame:
    logprobs = _logprobs(exchange, (delta["content"],)) if delta.get("content") else None
    choice = {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
    return event({**_head(exchange, "chat.completion.chunk"), "choices": [choice], **rest}, tokens=tokens)


def _deltas(exchange: Exchange) -> Iterator[tuple[JsonObject, int]]:
    answer, field = exchange.answer, variation_of(exchange.call.provider).thought_field
    yield {"role": "assistant", "content": None if answer.tool_uses else "", "refusal": None}, 0
    if field:
        yield from (({field: piece}, 1) for piece in answer.thought)
    yield from (({"content": piece}, 1) for piece in answer.text)
    for place, use in enumerate(answer.tool_uses):
        opening = {"index": place, "id": _tool_id(exchange, place), "type": "function"}
        yield {"tool_calls": [{**opening, "function": {"name": use.name, "arguments": ""}}]}, 1
        for piece in _pieces(_arguments(use)):
            yield {"tool_calls": [{"index": place, "function": {"arguments": piece}}]}, 4


def _pieces(text: str) -> Iterable[str]:
    return (text[start : start + _ARGUMENT_PIECE] for start in range(0, len(text), _ARGUMENT_PIECE))


def _head(exchange: Exchange, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{exchange.id}",
        "object": kind,
        "created": exchange.created,
        "model": exchange.ask.model,
        "service_tier": "default",
        "system_fingerprint": None,
    }


def _message(exchange: Exchange) -> JsonObject:
    answer, field = exchange.answer, variation_of(exchange.call.provider).thought_field
    message: dict[str, Any] = {"role": "assistant", "content": "".join(answer.text) or None, "refusal": None}
    if field and answer.thought:
        message[field] = "".join(answer.thought)
    if answer.tool_uses:
        message["tool_calls"] = [_tool_call(exchange, place, use) for place, use in enumerate(answer.tool_uses)]
    return message


def _tool_call(exchange: Exchange, place: int, use: ToolUse) -> JsonObject:
    function = {"name": use.name, "arguments": _arguments(use)}
    return {"id": _tool_id(exchange, place), "type": "function", "function": function}


def _tool_id(exchange: Exchange, place: int) -> str:
    # Nine letters and digits are what the strictest of the compatible providers writes.
    return f"{exchange.id[:7]}{place:02}"


def _arguments(use: ToolUse) -> str:
    return json.dumps(use.arguments, ensure_ascii=False)


def _logprobs(exchange: Exchange, tokens: tuple[str, ...]) -> JsonObject | None:
    """A simulated model is always certain."""
    if not exchange.call.body.get("logprobs"):
        return None
    certain: JsonObject = {"logprob": 0.0, "top_logprobs": []}
    return {
        "content": [{"token": token, "bytes": list(token.encode()), **certain} for token in tokens],
        "refusal": None,
    }


def _usage(exchange: Exchange) -> JsonObject:
    counts, choices = exchange.counts, exchange.ask.choices
    completion = counts.completion * choices
    return {
        "prompt_tokens": counts.prompt,
        "completion_tokens": completion,
        "total_tokens": counts.prompt + completion,
        "prompt_tokens_details": {"cached_tokens": counts.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": counts.thought * choices, "audio_tokens": 0},
    }
