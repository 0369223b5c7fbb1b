"""The body of POST /v1/chat/completions as OpenAI and OpenRouter clients send it. Knows the wire's words only."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveInt

Probability = Annotated[float, Field(ge=0, le=1)]
Penalty = Annotated[float, Field(ge=-2, le=2)]
Money = Annotated[Decimal, Field(ge=0)]
Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]


class WireModel(BaseModel):
    """Keeps fields it does not know, so that they can be reported and not lost."""

    model_config = ConfigDict(extra="allow", frozen=True)


class StrictModel(BaseModel):
    """Our own fields: an unknown one is a typing error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ToolBody(WireModel):
    type: Literal["function"]
    function: FunctionBody


class NamedFunction(WireModel):
    name: str


class NamedToolChoice(WireModel):
    type: Literal["function"]
    function: NamedFunction


class JsonSchemaBody(WireModel):
    name: str
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    strict: bool | None = None
    description: str | None = None


class ResponseFormatBody(WireModel):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaBody | None = None


class ReasoningBody(WireModel):
    effort: Effort | None = None
    max_tokens: PositiveInt | None = None
    exclude: bool = False
    enabled: bool | None = None


class StreamOptions(WireModel):
    include_usage: bool | None = None


class RoutingBody(StrictModel):
    """Pointsman's own key: what the choice should aim at."""

    objective: Literal["cost", "quality", "latency", "balanced"] | None = None
    min_quality: Probability | None = None
    max_cost_usd: Money | None = None
    max_latency_ms: PositiveInt | None = None
    willingness_to_pay_usd: Money | None = None


class MaxPrice(WireModel):
    prompt: Money | None = None
    completion: Money | None = None


class SortBody(WireModel):
    by: Literal["price", "throughput", "latency"]


class ProviderBody(WireModel):
    order: list[str] = []
    only: list[str] = []
    ignore: list[str] = []
    allow_fallbacks: bool = True
    require_parameters: bool = False
    data_collection: Literal["allow", "deny"] = "allow"
    zdr: bool = False
    sort: Literal["price", "throughput", "latency"] | SortBody | None = None
    max_price: MaxPrice | None = None


class PluginBody(WireModel):
    id: str
    enabled: bool = True
    allowed_models: list[str] | None = None
    excluded_models: list[str] = []
    cost_tier: Literal["low", "medium", "high"] | None = None
    cost_quality_tradeoff: Annotated[int, Field(ge=0, le=10)] | None = None


class ChatBody(WireModel):
    model: Annotated[str, Field(min_length=1)]
    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=2_000)]
    models: list[str] = []
    tools: list[ToolBody] = []
    tool_choice: Literal["none", "auto", "required"] | NamedToolChoice | None = None
    parallel_tool_calls: bool | None = None
    response_format: ResponseFormatBody | None = None
    max_tokens: PositiveInt | None = None
    max_completion_tokens: PositiveInt | None = None
    reasoning: ReasoningBody | None = None
    reasoning_effort: Effort | None = None
    modalities: list[Literal["text", "image", "audio"]] | None = None
    stream: bool = False
    stream_options: StreamOptions | None = None
    usage: dict[str, Any] | None = None
    routing: RoutingBody | None = None
    provider: ProviderBody | None = None
    plugins: list[PluginBody] = []
    session_id: Annotated[str, Field(max_length=256)] | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "fast"] | None = None
    metadata: dict[str, Any] | None = None
    # Sampling and service parameters travel under their own names (see PARAMETERS in chat_request.py).
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Probability | None = None
    top_k: PositiveInt | None = None
    min_p: Probability | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    repetition_penalty: NonNegativeFloat | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    n: Annotated[int, Field(ge=1, le=128)] | None = None
    logit_bias: dict[str, float] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    audio: dict[str, Any] | None = None
    prediction: dict[str, Any] | None = None
    web_search_options: dict[str, Any] | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None
    user: str | None = None
    store: bool | None = None
