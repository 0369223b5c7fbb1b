"""An answer as Anthropic's stream: message_start, blocks one after the other, message_delta, message_stop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pointsman.application.incoming import AnswerEvent, Settled
from pointsman.domain.errors import ProviderError, ProviderFailure
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import Subject
from pointsman.domain.reasoning_details import join_details
from pointsman.domain.reply import (
    AnnotationAdded,
    Finished,
    MediaProduced,
    ReasoningDelta,
    RefusalDelta,
    ReplyStarted,
    TextDelta,
    ToolCallDelta,
    Usage,
    UsageReported,
)
from pointsman.entrypoints.problems import Problem, failure_problem
from pointsman.entrypoints.wire.messages.ending import STOP_FIELDS, encode_bill, encode_stop, encode_usage
from pointsman.entrypoints.wire.messages.problem import encode_problem
from pointsman.entrypoints.wire.messages.reply import encode_citation, encode_media, message_head
from pointsman.entrypoints.wire.messages.thoughts import ENCRYPTED, carry, encode_thought
from pointsman.entrypoints.wire.server_events import write_data
from pointsman.entrypoints.wire.telling import Telling

PING = write_data({"type": "ping"}, event="ping")


@dataclass(slots=True)
class MessageEncoder:
    """Encodes one answer. `_open` names the block that is open: its kind, and a tool call's number with it."""

    telling: Telling
    _usage: Usage = field(default_factory=Usage)
    _finished: Finished | None = None
    _refusal: str = ""
    _has_begun: bool = False
    _open: tuple[str, int] | None = None
    _next_index: int = 0
    _thought: list[JsonObject] = field(default_factory=list[JsonObject])
    _calls: set[int] = field(default_factory=set[int])

    def encode(self, event: AnswerEvent) -> Iterable[bytes]:
        return (write_data(data, event=str(data["type"])) for data in self._encode(event))

    def _encode(self, event: AnswerEvent) -> Iterator[JsonObject]:
        match event:
            case ReplyStarted():
                pass
            case UsageReported(usage):
                self._usage = usage
            case Finished():
                self._finished = self._finished or event
            case RefusalDelta(text):
                self._refusal += text
            case Settled():
                yield from self._encode_end(event)
            case _:
                yield from self._begin()
                yield from self._encode_content(event)

    def _begin(self) -> Iterator[JsonObject]:
        if self._has_begun:
            return
        self._has_begun = True
        unknown: JsonObject = {"content": [], **dict.fromkeys(STOP_FIELDS)}
        message = {**message_head(self.telling), **unknown, "usage": encode_usage(self._usage)}
        yield {"type": "message_start", "message": message}

    def _encode_content(self, event: AnswerEvent) -> Iterator[JsonObject]:
        match event:
            case TextDelta(text):
                yield from self._enter_text()
                yield self._delta({"type": "text_delta", "text": text})
            case AnnotationAdded(annotation):
                yield from self._enter_text()
                yield self._delta({"type": "citations_delta", "citation": encode_citation(annotation)})
            case ReasoningDelta():
                yield from self._encode_thought(event)
            case ToolCallDelta():
                yield from self._encode_tool_call(event)
            case MediaProduced(media):
                yield from self._enter(("media", self._next_index), encode_media(media))
                yield from self._leave()
            case _:
                pass

    def _enter_text(self) -> Iterator[JsonObject]:
        return self._enter(("text", 0), {"type": "text", "text": "", "citations": None})

    def _encode_thought(self, event: ReasoningDelta) -> Iterator[JsonObject]:
        detail = event.detail or {"type": "reasoning.text", "text": event.text}
        if detail.get("type") == ENCRYPTED:
            yield from self._enter(("redacted_thinking", self._next_index), encode_thought(detail))
            yield from self._leave()
            return
        if self._thought and event.detail and len(join_details([*self._thought, event.detail])) > 1:
            yield from self._leave()
        yield from self._enter(("thinking", 0), {"type": "thinking", "thinking": "", "signature": ""})
        self._thought += [event.detail] if event.detail else []
        if event.text and not self.telling.hides_reasoning:
            yield self._delta({"type": "thinking_delta", "thinking": event.text})

    def _encode_tool_call(self, event: ToolCallDelta) -> Iterator[JsonObject]:
        block = ("tool_use", event.index)
        if block != self._open:
            if event.index in self._calls:
                message = "the provider mixed the pieces of two tool calls"
                raise ProviderError(ProviderFailure(self.telling.provider, "malformed_reply", message))
            self._calls.add(event.index)
        opening: JsonObject = {"type": "tool_use", "id": event.id or "", "name": event.name or "", "input": {}}
        yield from self._enter(block, opening)
        if event.arguments:
            yield self._delta({"type": "input_json_delta", "partial_json": event.arguments})

    def _enter(self, block: tuple[str, int], opening: JsonObject) -> Iterator[JsonObject]:
        if self._open == block:
            return
        yield from self._leave()
        self._open, self._next_index = block, self._next_index + 1
        yield {"type": "content_block_start", "index": self._next_index - 1, "content_block": opening}

    def _leave(self) -> Iterator[JsonObject]:
        if self._open is None:
            return
        if self._thought:
            hidden = self.telling.hides_reasoning
            (whole, *_) = join_details(self._thought)
            yield self._delta({"type": "signature_delta", "signature": carry(whole, without_text=not hidden)})
        self._open, self._thought = None, []
        yield {"type": "content_block_stop", "index": self._next_index - 1}

    def _delta(self, delta: JsonObject) -> JsonObject:
        return {"type": "content_block_delta", "index": self._next_index - 1, "delta": delta}

    def _encode_end(self, settled: Settled) -> Iterator[JsonObject]:
        yield from self._begin()
        yield from self._leave()
        if settled.failure is not None:
            yield encode_problem(failure_problem(settled.failure), self.telling.subject.id)
            return
        end = self._finished or Finished("error")
        delta = encode_stop(end.reason, end.native_reason, refusal=self._refusal, has_calls=bool(self._calls))
        bill, extras = encode_bill(settled.record.served), self.telling.extras(settled.record)
        yield {"type": "message_delta", "delta": delta, "usage": bill, **extras}
        yield {"type": "message_stop"}


def encode_late_problem(subject: Subject, problem: Problem) -> Iterable[bytes]:
    """For an answer that never began, in a stream that has."""
    yield write_data(encode_problem(problem, subject.id), event="error")
