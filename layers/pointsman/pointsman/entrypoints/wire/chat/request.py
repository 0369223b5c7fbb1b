"""From the wire's chat body to the domain's request. RequestError names the field that cannot be taken."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.preferences import Preferences
from pointsman.domain.request import (
    ChatRequest,
    Message,
    Part,
    Reasoning,
    ResponseFormat,
    TextPart,
    Tool,
    ToolCall,
    ToolChoice,
)
from pointsman.entrypoints.wire.chat.body import (
    AssistantBody,
    AudioPartBody,
    ChatBody,
    FilePartBody,
    ImagePartBody,
    MessageBody,
    NamedToolChoice,
    PartBody,
    RefusalPartBody,
    TextPartBody,
    ToolResultBody,
    UserBody,
)
from pointsman.entrypoints.wire.media import decode_inline, decode_media
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.preferences import decode_preferences

NO_PARAMETERS: Final[JsonObject] = {"type": "object", "properties": {}}
PARAMETERS: Final = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "seed",
    "stop",
    "n",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "verbosity",
    "audio",
    "prediction",
    "web_search_options",
    "prompt_cache_key",
    "safety_identifier",
    "user",
    "service_tier",
    "store",
    "metadata",
)


def parse_chat_body(content: bytes) -> ChatBody:
    return parse_body(content, ChatBody)


def decode_chat_preferences(body: ChatBody) -> Preferences:
    effort = body.reasoning_effort or (body.reasoning.effort if body.reasoning else None)
    return decode_preferences(body, service_tier=body.service_tier, reasoning_effort=effort)


def decode_chat_request(body: ChatBody) -> ChatRequest:
    return ChatRequest(
        messages=tuple(_decode_message(message, index) for index, message in enumerate(body.messages)),
        tools=tuple(_decode_tools(body)),
        tool_choice=_decode_tool_choice(body),
        parallel_tool_calls=body.parallel_tool_calls,
        response_format=_decode_response_format(body),
        max_output_tokens=_decode_max_tokens(body),
        reasoning=_decode_reasoning(body),
        parameters=_decode_parameters(body),
        output_modalities=tuple(body.modalities or ("text",)),
        stream=body.stream,
        cache_control=body.cache_control,
        may_answer_in_media=body.modalities is None,
    )


def _decode_message(body: MessageBody, index: int) -> Message:
    field = f"messages[{index}].content"
    parts = tuple(_decode_parts(body.content, field))
    if isinstance(body, AssistantBody):
        calls = tuple(ToolCall(c.id, c.function.name, c.function.arguments) for c in body.tool_calls or ())
        refusal = (TextPart(body.refusal),) if body.refusal else ()
        details = tuple(_decode_thoughts(body))
        return Message("assistant", parts + refusal, calls, name=body.name, reasoning_details=details)
    if isinstance(body, ToolResultBody):
        return Message("tool", parts, tool_call_id=body.tool_call_id, name=body.name)
    if isinstance(body, UserBody) and not parts:
        raise RequestError("A user message needs content.", field=field)
    return Message(body.role, parts, name=body.name)


def _decode_thoughts(body: AssistantBody) -> Iterable[JsonObject]:
    text = body.reasoning or body.reasoning_content
    if body.reasoning_details or not text:
        return body.reasoning_details or ()
    return ({"type": "reasoning.text", "text": text, "format": "unknown", "index": 0},)


def _decode_parts(content: str | Iterable[PartBody] | None, field: str) -> Iterable[Part]:
    if content is None or content == "":
        return
    if isinstance(content, str):
        yield TextPart(content)
        return
    for index, part in enumerate(content):
        yield _decode_part(part, f"{field}[{index}]")


def _decode_part(part: PartBody, field: str) -> Part:
    if isinstance(part, TextPartBody):
        return TextPart(part.text, part.cache_control)
    if isinstance(part, RefusalPartBody):
        return TextPart(part.refusal)
    if isinstance(part, AudioPartBody):
        sound = part.input_audio
        return decode_inline("audio", sound.data, mime=f"audio/{sound.format}", field=f"{field}.input_audio.data")
    if isinstance(part, ImagePartBody):
        where, url = f"{field}.image_url.url", part.image_url.url
        media = decode_media("image", url, field=where, default_mime="image/*")
        return replace(media.with_detail(part.image_url.detail), cache_control=part.cache_control)
    if isinstance(part, FilePartBody):
        where, file = f"{field}.file.file_data", part.file
        media = decode_media(
            "file", file.file_data, field=where, default_mime="application/pdf", filename=file.filename
        )
        return replace(media, cache_control=part.cache_control)
    return decode_media("video", part.video_url.url, field=f"{field}.video_url.url", default_mime="video/mp4")


def _decode_tools(body: ChatBody) -> Iterable[Tool]:
    for tool in body.tools:
        function = tool.function
        schema: JsonObject = NO_PARAMETERS if function.parameters is None else function.parameters
        yield Tool(function.name, function.description or "", schema, function.strict, tool.cache_control)


def _decode_tool_choice(body: ChatBody) -> ToolChoice | None:
    choice = body.tool_choice
    if choice is None:
        return None
    if choice in {"required"} and not body.tools:
        raise RequestError("tool_choice 'required' needs tools.", field="tool_choice")
    if not isinstance(choice, NamedToolChoice):
        return ToolChoice(choice)
    if choice.function.name not in {tool.function.name for tool in body.tools}:
        raise RequestError(f"'{choice.function.name}' is not among the tools.", field="tool_choice.function.name")
    return ToolChoice("named", choice.function.name)


def _decode_response_format(body: ChatBody) -> ResponseFormat | None:
    wanted = body.response_format
    if wanted is None:
        return None
    if wanted.type != "json_schema":
        return ResponseFormat(wanted.type)
    if wanted.json_schema is None:
        raise RequestError("A json_schema format needs its schema.", field="response_format.json_schema")
    schema = wanted.json_schema
    return ResponseFormat("json_schema", schema.name, schema.schema_, schema.strict, schema.description)


def _decode_max_tokens(body: ChatBody) -> int | None:
    old, new = body.max_tokens, body.max_completion_tokens
    if old is not None and new is not None and old != new:
        raise RequestError("max_tokens and max_completion_tokens differ: give one.", field="max_tokens")
    return new if new is not None else old


def _decode_reasoning(body: ChatBody) -> Reasoning | None:
    wanted = body.reasoning
    if wanted is None:
        return Reasoning(body.reasoning_effort) if body.reasoning_effort else None
    effort = wanted.effort or body.reasoning_effort
    if wanted.enabled is False:
        effort = "none"
    if wanted.enabled and effort is None and wanted.max_tokens is None:
        effort = "medium"
    return Reasoning(effort, wanted.max_tokens, wanted.exclude)


def _decode_parameters(body: ChatBody) -> dict[str, Any]:
    return {name: value for name in PARAMETERS if (value := getattr(body, name)) is not None}
