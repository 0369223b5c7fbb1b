"""The body of POST /v1/messages as Anthropic's clients send it. Knows the wire's words only."""

from typing import Annotated, Any, Literal

from pydantic import Field

from pointsman.entrypoints.wire.wire_model import Flag, FunctionName, Positive, Probability, WireModel
from pointsman.entrypoints.wire.wishes import WishesBody

Hint = dict[str, Any]


class Base64Source(WireModel):
    type: Literal["base64"]
    media_type: str
    data: str


class UrlSource(WireModel):
    type: Literal["url"]
    url: str


class TextSource(WireModel):
    type: Literal["text"]
    media_type: Literal["text/plain"] = "text/plain"
    data: str


class TextBlock(WireModel):
    type: Literal["text"]
    text: str
    cache_control: Hint | None = None
    citations: list[dict[str, Any]] | None = None


class ImageBlock(WireModel):
    type: Literal["image"]
    source: Annotated[Base64Source | UrlSource, Field(discriminator="type")]
    cache_control: Hint | None = None


class ContentSource(WireModel):
    type: Literal["content"]
    content: str | list[TextBlock]


class Citations(WireModel):
    enabled: Flag = False


class DocumentBlock(WireModel):
    type: Literal["document"]
    source: Annotated[Base64Source | UrlSource | TextSource | ContentSource, Field(discriminator="type")]
    title: str | None = None
    context: str | None = None
    citations: Citations | None = None
    cache_control: Hint | None = None


class ThinkingBlock(WireModel):
    type: Literal["thinking"]
    thinking: str
    signature: str


class RedactedThinkingBlock(WireModel):
    type: Literal["redacted_thinking"]
    data: str


class ToolUseBlock(WireModel):
    type: Literal["tool_use"]
    id: str
    name: str
    input: dict[str, Any]
    cache_control: Hint | None = None


ShownBlock = Annotated[TextBlock | ImageBlock | DocumentBlock, Field(discriminator="type")]


class ToolResultBlock(WireModel):
    type: Literal["tool_result"]
    tool_use_id: str
    content: str | list[ShownBlock] | None = None
    is_error: Flag = False
    cache_control: Hint | None = None


Block = Annotated[
    TextBlock | ImageBlock | DocumentBlock | ThinkingBlock | RedactedThinkingBlock | ToolUseBlock | ToolResultBlock,
    Field(discriminator="type"),
]


class MessageBody(WireModel):
    role: Literal["user", "assistant", "system"]
    content: str | list[Block]


class CustomTool(WireModel):
    type: Literal["custom"] | None = None
    name: FunctionName
    description: str | None = None
    input_schema: dict[str, Any]
    strict: Flag | None = None
    cache_control: Hint | None = None


class AnyToolChoice(WireModel):
    type: Literal["auto", "any", "none"]
    disable_parallel_tool_use: Flag | None = None


class OneToolChoice(WireModel):
    type: Literal["tool"]
    name: str
    disable_parallel_tool_use: Flag | None = None


Display = Literal["summarized", "omitted"]


class BudgetThinking(WireModel):
    type: Literal["enabled"]
    budget_tokens: Positive
    display: Display | None = None


class AdaptiveThinking(WireModel):
    type: Literal["adaptive"]
    display: Display | None = None


class NoThinking(WireModel):
    type: Literal["disabled"]


class SchemaFormat(WireModel):
    type: Literal["json_schema"]
    schema_: Annotated[dict[str, Any], Field(alias="schema")]


class OutputConfig(WireModel):
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: SchemaFormat | None = None


class Metadata(WireModel):
    user_id: str | None = None


class ConversationBody(WishesBody):
    """What is answered, or only counted."""

    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=100_000)]
    system: str | list[TextBlock] | None = None
    tools: tuple[CustomTool, ...] = ()
    tool_choice: Annotated[AnyToolChoice | OneToolChoice, Field(discriminator="type")] | None = None
    thinking: Annotated[BudgetThinking | AdaptiveThinking | NoThinking, Field(discriminator="type")] | None = None
    output_config: OutputConfig | None = None
    cache_control: Hint | None = None


class MessagesBody(ConversationBody):
    max_tokens: Positive
    stop_sequences: list[str] | None = None
    metadata: Metadata | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    speed: Literal["standard", "fast"] | None = None
    # Of API version 2023-06-01 only.
    temperature: Probability | None = None
    top_p: Probability | None = None
    top_k: Positive | None = None
