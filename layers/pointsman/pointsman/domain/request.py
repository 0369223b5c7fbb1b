"""A conversation to be answered, in no provider's words. Knows nothing of HTTP or of any model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pointsman.domain.json_types import JsonObject

Role = Literal["system", "developer", "user", "assistant", "tool"]
Modality = Literal["text", "image", "audio", "video", "file", "embedding"]
# What one endpoint of a model does: the shape of the call, not the provider.
ModelKind = Literal["chat", "image_generation", "speech", "transcription", "video_generation", "embeddings"]
ToolChoiceMode = Literal["auto", "none", "required", "named"]
ResponseFormatKind = Literal["text", "json_object", "json_schema"]


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str
    # Provider hints such as Anthropic's cache_control ride along untouched.
    cache_control: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the container's header says; 0 where it does not say."""

    bytes: int = 0
    width_px: int = 0
    height_px: int = 0
    duration_ms: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class MediaPart:
    """Media, either inline (`base64_data`) or by `url`; exactly one of the two is set.

    `wants_citations` asks that the answer name the places in this document that it draws on.
    """

    kind: Modality
    mime_type: str
    base64_data: str | None = None
    url: str | None = None
    filename: str | None = None
    detail: str | None = None
    facts: MediaFacts = MediaFacts()
    cache_control: JsonObject | None = None
    wants_citations: bool = False

    def with_detail(self, detail: str | None) -> "MediaPart":
        return replace(self, detail=detail)


Part = TextPart | MediaPart


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments` is the JSON text that the model wrote, which may be empty or broken."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """`is_error` and `cache_control` belong to a tool's result as a whole."""

    role: Role
    parts: tuple[Part, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None
    # Opaque reasoning of earlier turns, in OpenRouter's `reasoning_details` form.
    reasoning_details: tuple[JsonObject, ...] = ()
    is_error: bool = False
    cache_control: JsonObject | None = None

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def media(self) -> tuple[MediaPart, ...]:
        return tuple(part for part in self.parts if isinstance(part, MediaPart))


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call; `parameters` is a JSON Schema."""

    name: str
    description: str = ""
    parameters: JsonObject = field(default_factory=lambda: {"type": "object", "properties": {}})
    strict: bool | None = None
    cache_control: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ToolChoice:
    mode: ToolChoiceMode
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    kind: ResponseFormatKind
    name: str = "response"
    schema: JsonObject | None = None
    strict: bool | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """How much to think: an effort word or a budget in tokens. `exclude` hides the thoughts from the answer."""

    effort: str | None = None
    max_tokens: int | None = None
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One conversation with its settings.

    `parameters` holds what was set of the sampling and service parameters under OpenAI's names
    (temperature, top_p, seed, stop, n, logprobs, ...). `max_output_tokens` counts thoughts too. `cache_control` leaves
    it to the provider what of the conversation to cache.
    `picture_settings` come from a caller who allows for pictures and for no other medium, under the names of the
    images endpoint.
    A `kind` other than chat is one turn of a user: what to draw, speak, write down, film or embed. A chat that
    `may_answer_in_media` leaves it to us what its answer is made of.
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormat | None = None
    max_output_tokens: int | None = None
    reasoning: Reasoning | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    output_modalities: tuple[Modality, ...] = ("text",)
    stream: bool = False
    cache_control: JsonObject | None = None
    kind: ModelKind = "chat"
    may_answer_in_media: bool = False
    picture_settings: JsonObject | None = None

    @property
    def last_user_message(self) -> Message:
        """An empty one where the user has not spoken."""
        return next((message for message in reversed(self.messages) if message.role == "user"), Message("user"))

    @property
    def media(self) -> tuple[MediaPart, ...]:
        return tuple(part for message in self.messages for part in message.media)
