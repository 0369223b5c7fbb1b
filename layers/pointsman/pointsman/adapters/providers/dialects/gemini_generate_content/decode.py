"""A reply in Google's words as reply events: a whole one, or chunks of the same form."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_part import decode_part
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_sidelines import (
    decode_citations,
    decode_logprobs,
)
from pointsman.adapters.providers.dialects.gemini_generate_content.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.gemini_generate_content.enums import BLOCK_REASONS, FINISH_REASONS, name_of
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects, as_text, load_object
from pointsman.adapters.providers.server_sent_events import ServerSentEvent
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, ToolCallDelta


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    reading = _Reading()
    yield from reading.read(body)
    reading.finish()


async def decode_stream(events: AsyncIterator[ServerSentEvent]) -> AsyncGenerator[ReplyEvent]:
    reading = _Reading()
    async for event in events:
        for piece in reading.read(load_object(event.data, "chunk")):
            yield piece
    reading.finish()


@dataclass(slots=True)
class _Reading:
    """What must be remembered from chunk to chunk; `tool_calls` counts those of each choice."""

    tool_calls: dict[int, int] = field(default_factory=dict[int, int])
    ended: set[int] = field(default_factory=set[int])
    reply_id: str | None = None

    def read(self, chunk: JsonObject) -> Iterator[ReplyEvent]:
        if chunk.get("error"):
            raise InStreamError(chunk)
        if self.reply_id is None:
            self.reply_id = as_text(chunk.get("responseId"), "responseId")
            yield ReplyStarted(self.reply_id or None, as_text(chunk.get("modelVersion"), "modelVersion") or None)
        yield from self._read_block_of_prompt(chunk)
        for position, candidate in enumerate(as_objects(chunk.get("candidates"), "candidates")):
            yield from self._read_candidate(candidate, as_count(candidate.get("index", position), "index"))
        yield from decode_usage(chunk)

    def finish(self) -> None:
        if not self.ended or self.tool_calls.keys() - self.ended:
            raise MalformedReplyError("the reply broke off")

    def _read_block_of_prompt(self, chunk: JsonObject) -> Iterator[Finished]:
        reason = _block_reason_of(chunk)
        if reason and not chunk.get("candidates"):
            self.ended.add(0)
            yield Finished("content_filter", reason)

    def _read_candidate(self, candidate: JsonObject, choice: int) -> Iterator[ReplyEvent]:
        self.tool_calls.setdefault(choice, 0)
        for part in as_objects(as_object(candidate.get("content"), "content").get("parts"), "parts"):
            yield from self._read_part(part, choice)
        yield from decode_citations(candidate, choice)
        yield from decode_logprobs(candidate, choice)
        reason = name_of(candidate.get("finishReason"), FINISH_REASONS, "finishReason")
        if reason and choice not in self.ended:
            self.ended.add(choice)
            yield decode_finish(reason, choice=choice, has_tool_calls=self.tool_calls[choice] > 0)

    def _read_part(self, part: JsonObject, choice: int) -> Iterator[ReplyEvent]:
        before = self.tool_calls[choice]
        for event in decode_part(part, choice=choice, tool_calls=before, reply_id=self.reply_id or ""):
            self.tool_calls[choice] += isinstance(event, ToolCallDelta)
            yield event


def _block_reason_of(chunk: JsonObject) -> str:
    feedback = as_object(chunk.get("promptFeedback"), "promptFeedback")
    return name_of(feedback.get("blockReason"), BLOCK_REASONS, "blockReason")
