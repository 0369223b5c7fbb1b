"""Writes an answer as Cohere's chat reply, whole or as `event:` and `data:` lines that end with [DONE]."""

import json
from collections.abc import Iterator
from typing import Any

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.exchange import Answer, Exchange, Finish, Frame, ToolUse

_FINISH: dict[Finish, str] = {
    "stop": "COMPLETE",
    "stop_sequence": "STOP_SEQUENCE",
    "length": "MAX_TOKENS",
    "tool_calls": "TOOL_CALL",
}
_PLAN = ("I ", "will ", "use ", "a ", "tool.")
_ARGUMENT_PIECE = 12
# The preamble that Cohere puts before each prompt and does not bill.
_TEMPLATE_TOKENS = 495


def encode(exchange: Exchange) -> JsonObject:
    content = [{"type": kind, kind: "".join(pieces)} for kind, pieces in _contents(exchange.answer)]
    message: dict[str, Any] = {"role": "assistant", **({"content": content} if content else {})}
    if exchange.answer.tool_uses:
        message |= {"tool_plan": "".join(_PLAN), "tool_calls": _calls(exchange)}
    return {"id": exchange.id, "message": message, **_ending(exchange)}


def encode_stream(exchange: Exchange) -> Iterator[Frame]:
    empty: JsonObject = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    yield event({"id": exchange.id, "type": "message-start", "delta": {"message": empty}})
    for index, (kind, pieces) in enumerate(_contents(exchange.answer)):
        yield from _stream_content(index, kind, pieces)
    uses = exchange.answer.tool_uses
    if uses:
        yield from (_piece("tool-plan-delta", {"tool_plan": word}) for word in _PLAN)
    for index, (use, call) in enumerate(zip(uses, _calls(exchange), strict=True)):
        yield from _stream_call(index, use, call)
    yield event({"type": "message-end", "delta": _ending(exchange)})
    yield Frame("data: [DONE]\n\n")


def event(body: JsonObject, *, tokens: int = 0) -> Frame:
    data = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Frame(f"event: {body['type']}\ndata: {data}\n\n", tokens)


def _contents(answer: Answer) -> list[tuple[str, tuple[str, ...]]]:
    return [(kind, pieces) for kind, pieces in (("thinking", answer.thought), ("text", answer.text)) if pieces]


def _piece(kind: str, message: JsonObject, *, index: int | None = None, tokens: int = 0) -> Frame:
    place = {} if index is None else {"index": index}
    return event({"type": kind, **place, "delta": {"message": message}}, tokens=tokens)


def _stream_content(index: int, kind: str, pieces: tuple[str, ...]) -> Iterator[Frame]:
    yield _piece("content-start", {"content": {"type": kind, kind: ""}}, index=index)
    for piece in pieces:
        yield _piece("content-delta", {"content": {kind: piece}}, index=index, tokens=1)
    yield event({"type": "content-end", "index": index})


def _stream_call(index: int, use: ToolUse, call: JsonObject) -> Iterator[Frame]:
    opening = {**call, "function": {"name": use.name, "arguments": ""}}
    yield _piece("tool-call-start", {"tool_calls": opening}, index=index)
    text = _arguments(use)
    for start in range(0, len(text), _ARGUMENT_PIECE):
        function = {"arguments": text[start : start + _ARGUMENT_PIECE]}
        yield _piece("tool-call-delta", {"tool_calls": {"function": function}}, index=index, tokens=4)
    yield event({"type": "tool-call-end", "index": index})


def _calls(exchange: Exchange) -> list[JsonObject]:
    return [
        {
            "id": f"{use.name}_{exchange.id[:12]}{place:02}",
            "type": "function",
            "function": {"name": use.name, "arguments": _arguments(use)},
        }
        for place, use in enumerate(exchange.answer.tool_uses)
    ]


def _arguments(use: ToolUse) -> str:
    return json.dumps(use.arguments, ensure_ascii=False)


def _ending(exchange: Exchange) -> JsonObject:
    counts = exchange.counts
    tokens = {"input_tokens": counts.prompt + _TEMPLATE_TOKENS, "output_tokens": counts.completion}
    usage = {
        "billed_units": {"input_tokens": counts.prompt, "output_tokens": counts.completion},
        "tokens": tokens | ({"reasoning_tokens": counts.thought} if counts.thought else {}),
        "cached_tokens": counts.cached,
    }
    return {"finish_reason": _FINISH[exchange.answer.finish], "usage": usage}
