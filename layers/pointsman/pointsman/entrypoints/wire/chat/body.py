"""The body of POST /v1/chat/completions as OpenAI and OpenRouter clients send it. Knows the wire's words only."""

from typing import Annotated, Any, Literal

from pydantic import Field

from pointsman.entrypoints.wire.wire_model import (
    Effort,
    Flag,
    FunctionName,
    Number,
    Penalty,
    Positive,
    Probability,
    Temperature,
    Whole,
    WireModel,
)
from pointsman.entrypoints.wire.wishes import WishesBody


class TextPartBody(WireModel):
    type: Literal["text"]
    text: str
    cache_control: dict[str, Any] | None = None


class ImageUrl(WireModel):
    url: str
    detail: Literal["auto", "low", "high", "original"] | None = None


class ImagePartBody(WireModel):
    type: Literal["image_url"]
    image_url: ImageUrl
    cache_control: dict[str, Any] | None = None


class InputAudio(WireModel):
    data: str
    format: str


class AudioPartBody(WireModel):
    type: Literal["input_audio"]
    input_audio: InputAudio


class VideoUrl(WireModel):
    url: str


class VideoPartBody(WireModel):
    type: Literal["video_url"]
    video_url: VideoUrl


class FileBody(WireModel):
    file_data: str
    filename: str | None = None


class FilePartBody(WireModel):
    type: Literal["file"]
    file: FileBody
    cache_control: dict[str, Any] | None = None


class RefusalPartBody(WireModel):
    type: Literal["refusal"]
    refusal: str


PartBody = Annotated[
    TextPartBody | ImagePartBody | AudioPartBody | VideoPartBody | FilePartBody | RefusalPartBody,
    Field(discriminator="type"),
]


class FunctionCallBody(WireModel):
    name: str
    arguments: str


class ToolCallBody(WireModel):
    id: str
    type: Literal["function"] = "function"
    function: FunctionCallBody


class InstructionBody(WireModel):
    role: Literal["system", "developer"]
    content: str | list[TextPartBody]
    name: str | None = None


class UserBody(WireModel):
    role: Literal["user"]
    content: str | list[PartBody]
    name: str | None = None


class AssistantBody(WireModel):
    role: Literal["assistant"]
    content: str | list[PartBody] | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[ToolCallBody] | None = None
    reasoning_details: list[dict[str, Any]] | None = None
    # What clients send who know thoughts as text alone; the second is DeepSeek's name.
    reasoning: str | None = None
    reasoning_content: str | None = None


class ToolResultBody(WireModel):
    role: Literal["tool"]
    content: str | list[PartBody]
    tool_call_id: str
    name: str | None = None


MessageBody = Annotated[InstructionBody | UserBody | AssistantBody | ToolResultBody, Field(discriminator="role")]


class FunctionBody(WireModel):
    name: FunctionName
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: Flag | None = None


class ToolBody(WireModel):
    type: Literal["function"]
    function: FunctionBody
    cache_control: dict[str, Any] | None = None


class NamedFunction(WireModel):
    name: str


class NamedToolChoice(WireModel):
    type: Literal["function"]
    function: NamedFunction


class JsonSchemaBody(WireModel):
    name: str
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    strict: Flag | None = None
    description: str | None = None


class ResponseFormatBody(WireModel):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaBody | None = None


class ReasoningBody(WireModel):
    effort: Effort | None = None
    max_tokens: Positive | None = None
    exclude: Flag = False
    enabled: Flag | None = None


class StreamOptions(WireModel):
    include_usage: Flag | None = None


class ChatBody(WishesBody):
    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=2_000)]
    tools: tuple[ToolBody, ...] = ()
    tool_choice: Literal["none", "auto", "required"] | NamedToolChoice | None = None
    parallel_tool_calls: Flag | None = None
    cache_control: dict[str, Any] | None = None
    response_format: ResponseFormatBody | None = None
    max_tokens: Positive | None = None
    max_completion_tokens: Positive | None = None
    reasoning: ReasoningBody | None = None
    reasoning_effort: Effort | None = None
    modalities: list[Literal["text", "image", "audio"]] | None = None
    stream_options: StreamOptions | None = None
    usage: dict[str, Any] | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "fast"] | None = None
    metadata: dict[str, Any] | None = None
    # Sampling and service parameters travel under their own names (see PARAMETERS in chat_request.py).
    temperature: Temperature | None = None
    top_p: Probability | None = None
    top_k: Positive | None = None
    min_p: Probability | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    repetition_penalty: Annotated[Number, Field(ge=0)] | None = None
    seed: Whole | None = None
    stop: str | list[str] | None = None
    n: Annotated[Whole, Field(ge=1, le=128)] | None = None
    logit_bias: dict[str, Number] | None = None
    logprobs: Flag | None = None
    top_logprobs: Annotated[Whole, Field(ge=0, le=20)] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    audio: dict[str, Any] | None = None
    prediction: dict[str, Any] | None = None
    web_search_options: dict[str, Any] | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None
    user: str | None = None
    store: Flag | None = None
