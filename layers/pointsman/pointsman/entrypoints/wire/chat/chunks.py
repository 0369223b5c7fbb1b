"""An answer as a stream of chat.completion.chunk events: one role, one finish, one usage, one [DONE]."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.errors import ProviderFailure
from pointsman.domain.ledger import Subject
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
from pointsman.domain.request import MediaPart
from pointsman.entrypoints.problems import Problem, failure_problem
from pointsman.entrypoints.wire.chat.problem import encode_problem
from pointsman.entrypoints.wire.chat.reply import (
    encode_annotation,
    encode_audio,
    encode_image,
    encode_logprobs,
    encode_usage,
    fingerprint,
)
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.telling import Telling

DONE = b"data: [DONE]\n\n"
# OpenRouter's own text: clients that choke on other comments know this one.
KEEP_ALIVE = b": OPENROUTER PROCESSING\n\n"


@dataclass(slots=True)
class ChunkEncoder:
    """Encodes one answer; remembers which choices have had their role and their finish."""

    telling: Telling
    _head: dict[str, Any] = field(init=False)
    _begun: set[int] = field(default_factory=set[int])
    _finished: set[int] = field(default_factory=set[int])

    def __post_init__(self) -> None:
        """What all chunks of the answer have in common."""
        telling = self.telling
        told = {"provider": telling.provider, "system_fingerprint": fingerprint(telling)}
        self._head = _head_of(telling.subject, telling.model) | told

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        written = [write_data(chunk) for chunk in self._encode(event)]
        return [*written, DONE] if isinstance(event, Settled) else written

    def _encode(self, event: AnswerEvent) -> list[dict[str, Any]]:
        if isinstance(event, Settled):
            return self._encode_end(event)
        if isinstance(event, Finished):
            return self._encode_finish(event)
        delta = encode_delta(event)
        if delta is None or (self.telling.hides_reasoning and isinstance(event, ReasoningDelta)):
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
        last = self._chunk([]) | {"usage": usage, **self.telling.extras(settled.record)}
        return [last] if settled.failure is None else [last, self._error_chunk(settled.failure)]

    def _error_chunk(self, failure: ProviderFailure) -> dict[str, Any]:
        broken = self._choice(0, {"content": ""}) | {"finish_reason": "error"}
        return {**self._chunk([broken]), **encode_problem(failure_problem(failure))}

    def _choice(self, index: int, delta: dict[str, Any], *, logprobs: Any = None) -> dict[str, Any]:
        if index not in self._begun:
            self._begun.add(index)
            delta = {"role": "assistant"} | delta
        choice: dict[str, Any] = {"index": index, "delta": delta, "finish_reason": None, "native_finish_reason": None}
        return choice if logprobs is None else choice | {"logprobs": encode_logprobs([logprobs])}

    def _chunk(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return self._head | {"choices": choices}


def encode_late_problem(subject: Subject, problem: Problem) -> Iterable[bytes]:
    """For an answer that never began, in a stream that has."""
    choice = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
    head = _head_of(subject, subject.requested_model)
    yield write_data({**head, "choices": [choice], **encode_problem(problem)})
    yield DONE


def _head_of(subject: Subject, model: str) -> dict[str, Any]:
    return {
        "id": subject.id,
        "object": "chat.completion.chunk",
        "created": int(subject.created_at.timestamp()),
        "model": model,
    }


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
            return _encode_media_delta(media)
        case AnnotationAdded(annotation):
            return {"annotations": [encode_annotation(annotation)]}
        case LogprobsDelta():
            return {}
        case _:
            return None


def _encode_media_delta(media: MediaPart) -> dict[str, Any]:
    if media.kind == "audio":
        return {"audio": encode_audio([media], transcript="", asked_format=None)}
    return {"images": [encode_image(media)]}


def _encode_tool_delta(event: ToolCallDelta) -> dict[str, Any]:
    piece: dict[str, Any] = {"index": event.index, "function": {"arguments": event.arguments}}
    if event.id is not None:
        piece |= {"id": event.id, "type": "function"}
    if event.name is not None:
        piece["function"] = {"name": event.name, "arguments": event.arguments}
    return piece
