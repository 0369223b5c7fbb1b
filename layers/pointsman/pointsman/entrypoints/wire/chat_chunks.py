"""An answer as a stream of chat.completion.chunk events: one role, one finish, one usage, one [DONE]."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from pointsman.application.incoming import Answer, AnswerEvent, Settled
from pointsman.domain.errors import ProviderFailure
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import (
    AnnotationAdded,
    Finished,
    LogprobsDelta,
    MediaProduced,
    ReasoningDelta,
    RefusalDelta,
    ReplyEvent,
    TextDelta,
    ToolCallDelta,
)
from pointsman.entrypoints.problems import describe_failure
from pointsman.entrypoints.wire.chat_reply import encode_image, encode_usage, provider_name

DONE = b"data: [DONE]\n\n"
# What the caller opted into, told from the finished record: `routing`, `openrouter_metadata`.
Extras = Callable[[AuditRecord], Mapping[str, Any]]


@dataclass(slots=True)
class ChunkEncoder:
    """Encodes one answer; remembers which choices have had their role and their finish."""

    answer: Answer
    extras: Extras
    hide_reasoning: bool = False
    _begun: set[int] = field(default_factory=set[int])
    _finished: set[int] = field(default_factory=set[int])

    async def stream(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(self.answer.events) as events:
            async for event in events:
                for chunk in self._encode(event):
                    yield _frame(chunk)
        yield DONE

    def _encode(self, event: AnswerEvent) -> list[dict[str, Any]]:
        if isinstance(event, Settled):
            return self._encode_end(event)
        if isinstance(event, Finished):
            return self._encode_finish(event)
        delta = encode_delta(event)
        if delta is None or (self.hide_reasoning and isinstance(event, ReasoningDelta)):
            return []
        choice = getattr(event, "choice", 0)
        logprobs = event.logprobs if isinstance(event, LogprobsDelta) else None
        return [self._chunk([self._choice(choice, delta, logprobs=logprobs)])]

    def _encode_finish(self, event: Finished) -> list[dict[str, Any]]:
        if event.choice in self._finished:
            return []
        self._finished.add(event.choice)
        ending = {"finish_reason": event.reason, "native_finish_reason": event.native_reason}
        return [self._chunk([self._choice(event.choice, {"content": ""}) | ending])]

    def _encode_end(self, settled: Settled) -> list[dict[str, Any]]:
        served = settled.record.served
        usage = encode_usage(served) if served else None
        last = self._chunk([]) | {"usage": usage, **self.extras(settled.record)}
        return [last] if settled.failure is None else [last, self._error_chunk(settled.failure)]

    def _error_chunk(self, failure: ProviderFailure) -> dict[str, Any]:
        broken = self._choice(0, {"content": ""}) | {"finish_reason": "error"}
        return self._chunk([broken]) | {"error": describe_failure(failure)}

    def _choice(self, index: int, delta: dict[str, Any], *, logprobs: Any = None) -> dict[str, Any]:
        if index not in self._begun:
            self._begun.add(index)
            delta = {"role": "assistant"} | delta
        return {
            "index": index,
            "delta": delta,
            "finish_reason": None,
            "native_finish_reason": None,
            "logprobs": logprobs,
        }

    def _chunk(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        subject = self.answer.subject
        return {
            "id": subject.id,
            "object": "chat.completion.chunk",
            "created": int(subject.created_at.timestamp()),
            "model": self.answer.opened.prediction.candidate.id,
            "provider": provider_name(self.answer),
            "system_fingerprint": None,
            "choices": choices,
        }


def _frame(chunk: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(chunk, separators=(",", ":"), ensure_ascii=False).encode() + b"\n\n"


def encode_delta(event: ReplyEvent) -> dict[str, Any] | None:
    """The `delta` of one event; None for what has no place in a delta."""
    match event:
        case TextDelta(text):
            return {"content": text}
        case RefusalDelta(text):
            return {"refusal": text}
        case ReasoningDelta(text, detail):
            return {"reasoning": text} | ({"reasoning_details": [detail]} if detail else {})
        case ToolCallDelta():
            return {"tool_calls": [_encode_tool_delta(event)]}
        case MediaProduced(media):
            return {"images": [encode_image(media)]}
        case AnnotationAdded(annotation):
            return {"annotations": [annotation]}
        case LogprobsDelta():
            return {}
        case _:
            return None


def _encode_tool_delta(event: ToolCallDelta) -> dict[str, Any]:
    piece: dict[str, Any] = {"index": event.index, "function": {"arguments": event.arguments}}
    if event.id is not None:
        piece |= {"id": event.id, "type": "function"}
    if event.name is not None:
        piece["function"] = {"name": event.name, "arguments": event.arguments}
    return piece
