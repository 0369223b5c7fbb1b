"""The body of POST /v1/responses as OpenAI's clients send it. Knows the wire's words only."""

from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field

from pointsman.entrypoints.wire.picture_settings import PictureSettings
from pointsman.entrypoints.wire.wire_model import (
    Effort,
    Flag,
    FunctionName,
    Positive,
    Probability,
    Temperature,
    Whole,
    WireModel,
)
from pointsman.entrypoints.wire.wishes import WishesBody

Role = Literal["user", "assistant", "system", "developer"]
Verbosity = Literal["low", "medium", "high"]


class TextContent(WireModel):
    type: Literal["input_text", "output_text", "text", "summary_text", "reasoning_text"]
    text: str
    prompt_cache_breakpoint: dict[str, Any] | None = None


class RefusalContent(WireModel):
    type: Literal["refusal"]
    refusal: str


class ImageContent(WireModel):
    type: Literal["input_image"]
    image_url: str
    detail: Literal["auto", "low", "high", "original"] | None = None


class FileContent(WireModel):
    type: Literal["input_file"]
    file_data: str | None = None
    file_url: str | None = None
    filename: str | None = None


class SoundData(WireModel):
    data: str
    format: str


class SoundContent(WireModel):
    type: Literal["input_audio"]
    input_audio: SoundData


Content = Annotated[
    TextContent | RefusalContent | ImageContent | FileContent | SoundContent, Field(discriminator="type")
]


class MessageItem(WireModel):
    type: Literal["message"] = "message"
    role: Role
    content: str | list[Content]


class CallItem(WireModel):
    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str


class CallOutputItem(WireModel):
    type: Literal["function_call_output"]
    call_id: str
    output: str | list[Content]


class PictureItem(WireModel):
    """What the tool for images made before."""

    type: Literal["image_generation_call"]
    id: str | None = None
    result: str | None = None
    url: str | None = None
    mime_type: str = "image/png"


class ReasoningItem(WireModel):
    type: Literal["reasoning"]
    id: str | None = None
    summary: tuple[TextContent, ...] = ()
    content: list[TextContent] | None = None
    encrypted_content: str | None = None


def _name_message(item: Any) -> Any:
    """Clients leave out the type of the commonest item."""
    if not isinstance(item, dict) or "type" in item:
        return cast(Any, item)
    return {**cast(dict[str, Any], item), "type": "message"}


Item = Annotated[
    Annotated[MessageItem | CallItem | CallOutputItem | PictureItem | ReasoningItem, Field(discriminator="type")],
    BeforeValidator(_name_message),
]


class FunctionTool(WireModel):
    type: Literal["function"]
    name: FunctionName
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: Flag | None = None


class ImageTool(PictureSettings):
    """Lets pictures be answered in: the words decide, unless `tool_choice` does."""

    type: Literal["image_generation"]


class FunctionChoice(WireModel):
    type: Literal["function"]
    name: str


class ImageChoice(WireModel):
    type: Literal["image_generation"]


ToolBody = Annotated[FunctionTool | ImageTool, Field(discriminator="type")]
ToolChoiceBody = Annotated[FunctionChoice | ImageChoice, Field(discriminator="type")]


class TextFormat(WireModel):
    type: Literal["text", "json_object"]


class SchemaTextFormat(WireModel):
    type: Literal["json_schema"]
    name: str
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    strict: Flag | None = None
    description: str | None = None


class TextSettings(WireModel):
    format: Annotated[TextFormat | SchemaTextFormat, Field(discriminator="type")] | None = None
    verbosity: Verbosity | None = None


class ReasoningSettings(WireModel):
    effort: Effort | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    max_tokens: Positive | None = None


class ResponsesBody(WishesBody):
    input: str | Annotated[list[Item], Field(min_length=1, max_length=10_000)]
    instructions: str | None = None
    tools: tuple[ToolBody, ...] = ()
    tool_choice: Literal["none", "auto", "required"] | ToolChoiceBody | None = None
    parallel_tool_calls: Flag | None = None
    text: TextSettings | None = None
    reasoning: ReasoningSettings | None = None
    include: list[str] | None = None
    max_output_tokens: Positive | None = None
    metadata: dict[str, str] | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "fast"] | None = None
    temperature: Temperature | None = None
    top_p: Probability | None = None
    top_logprobs: Annotated[Whole, Field(ge=0, le=20)] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    store: Flag | None = None
    stream_options: dict[str, Any] | None = None
    truncation: Literal["auto", "disabled"] | None = None
    previous_response_id: str | None = None
    conversation: str | dict[str, Any] | None = None
    background: Flag | None = None
    prompt: dict[str, Any] | None = None
