"""An answer as it comes in, in no provider's words. Knows nothing of prices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import join_details
from pointsman.domain.request import MediaPart, ToolCall

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "error"]
TokenClass = Literal[
    "input",
    "cache_read",
    "cache_write",
    "image_input",
    "audio_input",
    "output",
    "reasoning",
    "image_output",
    "audio_output",
]
PricedUnit = Literal[
    "request",
    "image_output",
    "image_input",
    "character_input",
    "second_input",
    "second_output",
]
PROMPT_CLASSES: tuple[TokenClass, ...] = (
    "input",
    "cache_read",
    "cache_write",
    "image_input",
    "audio_input",
)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens in classes that do not overlap, so that their sum is the provider's total.

    `provider_cost_usd` is what the provider says the call cost, where it says so; `billed` the tokens that it
    charges for, where those are others than it counts; `units` counts what is not sold by the token.
    """

    tokens: Mapping[TokenClass, int] = field(default_factory=dict[TokenClass, int])
    provider_cost_usd: Decimal | None = None
    billed: Mapping[TokenClass, int] | None = None
    units: Mapping[PricedUnit, Decimal] = field(default_factory=dict[PricedUnit, Decimal])

    @property
    def charged_tokens(self) -> Mapping[TokenClass, int]:
        return self.tokens if self.billed is None else self.billed

    @property
    def prompt_tokens(self) -> int:
        return sum(self.tokens.get(kind, 0) for kind in PROMPT_CLASSES)

    @property
    def completion_tokens(self) -> int:
        return sum(self.tokens.values()) - self.prompt_tokens


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection was opened for the answer, which took so long. Goes no further than to whoever opens it."""

    duration_ms: int


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """The provider's own id and model name for this answer, where it gives them."""

    upstream_id: str | None = None
    upstream_model: str | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class RefusalDelta:
    text: str
    choice: int = 0


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Readable thought in `text`; `detail` is the piece of `reasoning_details` to be sent back next turn."""

    text: str = ""
    detail: JsonObject | None = None
    choice: int = 0


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of the tool call at `index`; `id` and `name` only in its first piece."""

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""
    choice: int = 0


@dataclass(frozen=True, slots=True)
class MediaProduced:
    """A whole image, or the next piece of the one sound: pieces of sound follow one another."""

    media: MediaPart
    choice: int = 0


@dataclass(frozen=True, slots=True)
class EmbeddingProduced:
    """The vector of the input at `index`."""

    index: int
    vector: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TranscriptDetailed:
    """What is known of a transcript beside its text: language, duration, segments, words, named as OpenAI does."""

    detail: JsonObject


@dataclass(frozen=True, slots=True)
class JobStarted:
    """The provider works on it from now on; `job_id` is the provider's own."""

    job_id: str


@dataclass(frozen=True, slots=True)
class AnnotationAdded:
    """A citation, in the form of OpenAI's `annotations[]`."""

    annotation: JsonObject
    choice: int = 0


@dataclass(frozen=True, slots=True)
class LogprobsDelta:
    """OpenAI's `logprobs` object of this piece."""

    logprobs: JsonObject
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    reason: FinishReason
    native_reason: str | None = None
    choice: int = 0


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Totals so far; the last one holds."""

    usage: Usage


ReplyEvent = (
    Connected
    | ReplyStarted
    | TextDelta
    | RefusalDelta
    | ReasoningDelta
    | ToolCallDelta
    | MediaProduced
    | EmbeddingProduced
    | TranscriptDetailed
    | JobStarted
    | AnnotationAdded
    | LogprobsDelta
    | Finished
    | UsageReported
)
# Events of the answer as a whole, of no choice of it.
OF_THE_WHOLE = (Connected, ReplyStarted, UsageReported, EmbeddingProduced, TranscriptDetailed, JobStarted)


@dataclass(frozen=True, slots=True)
class Choice:
    """One finished answer. `finish_reason` is `error` where the provider broke off."""

    text: str = ""
    refusal: str = ""
    reasoning: str = ""
    reasoning_details: tuple[JsonObject, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    media: tuple[MediaPart, ...] = ()
    annotations: tuple[JsonObject, ...] = ()
    logprobs: tuple[JsonObject, ...] = ()
    finish_reason: FinishReason = "error"
    native_finish_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    choices: tuple[Choice, ...]
    usage: Usage
    upstream_id: str | None = None
    upstream_model: str | None = None
    embeddings: tuple[tuple[float, ...], ...] = ()
    transcript: JsonObject = field(default_factory=dict[str, Any])
    job_id: str | None = None


def assemble(events: Iterable[ReplyEvent]) -> Reply:
    """Fold the events of one answer into the whole answer."""
    seen = tuple(events)
    pieces = [event for event in seen if not isinstance(event, OF_THE_WHOLE)]
    whole = [event for event in seen if isinstance(event, OF_THE_WHOLE)]
    started = next((event for event in whole if isinstance(event, ReplyStarted)), ReplyStarted())
    reports = [event.usage for event in whole if isinstance(event, UsageReported)]
    vectors = sorted((event for event in whole if isinstance(event, EmbeddingProduced)), key=lambda event: event.index)
    numbers = sorted({event.choice for event in pieces} or {0})
    return Reply(
        choices=tuple(_assemble_choice([event for event in pieces if event.choice == number]) for number in numbers),
        usage=reports[-1] if reports else Usage(),
        upstream_id=started.upstream_id,
        upstream_model=started.upstream_model,
        embeddings=tuple(event.vector for event in vectors),
        transcript=_last_detail(whole),
        job_id=next((event.job_id for event in whole if isinstance(event, JobStarted)), None),
    )


def _last_detail(whole: Iterable[ReplyEvent]) -> JsonObject:
    details = [event.detail for event in whole if isinstance(event, TranscriptDetailed)]
    return details[-1] if details else {}


def _assemble_choice(mine: Sequence[ReplyEvent]) -> Choice:
    # Most of a stream is text, which need not be looked at for all the rest.
    beside = [event for event in mine if not isinstance(event, TextDelta)]
    finished = next((event for event in beside if isinstance(event, Finished)), Finished("error"))
    thoughts = [event for event in beside if isinstance(event, ReasoningDelta)]
    return Choice(
        text="".join(event.text for event in mine if isinstance(event, TextDelta)),
        refusal="".join(event.text for event in beside if isinstance(event, RefusalDelta)),
        reasoning="".join(event.text for event in thoughts),
        reasoning_details=join_details(event.detail for event in thoughts if event.detail is not None),
        tool_calls=_join_tool_calls([event for event in beside if isinstance(event, ToolCallDelta)]),
        media=tuple(event.media for event in beside if isinstance(event, MediaProduced)),
        annotations=tuple(event.annotation for event in beside if isinstance(event, AnnotationAdded)),
        logprobs=tuple(event.logprobs for event in beside if isinstance(event, LogprobsDelta)),
        finish_reason=finished.reason,
        native_finish_reason=finished.native_reason,
    )


def _join_tool_calls(pieces: list[ToolCallDelta]) -> tuple[ToolCall, ...]:
    by_index: dict[int, list[ToolCallDelta]] = {}
    for piece in pieces:
        by_index.setdefault(piece.index, []).append(piece)
    return tuple(
        ToolCall(
            id=next((piece.id for piece in group if piece.id), ""),
            name=next((piece.name for piece in group if piece.name), ""),
            arguments="".join(piece.arguments for piece in group),
        )
        for _, group in sorted(by_index.items())
    )
