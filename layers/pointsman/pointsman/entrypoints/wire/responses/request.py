"""From the Responses body to the domain's request. RequestError names the field that cannot be taken."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pointsman.domain.errors import RequestError
from pointsman.domain.preferences import Preferences
from pointsman.domain.request import ChatRequest, Reasoning, ResponseFormat
from pointsman.entrypoints.wire.parsing import parse_body
from pointsman.entrypoints.wire.preferences import decode_preferences
from pointsman.entrypoints.wire.responses.body import ResponsesBody, SchemaTextFormat
from pointsman.entrypoints.wire.responses.tools import (
    decode_picture_wishes,
    decode_tool_choice,
    decode_tools,
    warn_of_tools,
)
from pointsman.entrypoints.wire.responses.turns import decode_items

# What needs state that nobody keeps here, and what to do instead.
UNKEPT: Final[Mapping[str, str]] = {
    "previous_response_id": "Responses are not stored: send the whole conversation as 'input'.",
    "conversation": "Conversations are not stored: send the whole conversation as 'input'.",
    "prompt": "Prompts are not stored: send its text as 'instructions' or 'input'.",
    "background": "Responses are not stored: ask for a stream instead.",
}
ENCRYPTED, LOGPROBS = "reasoning.encrypted_content", "message.output_text.logprobs"
PARAMETERS: Final = (
    "temperature",
    "top_p",
    "user",
    "safety_identifier",
    "prompt_cache_key",
    "service_tier",
    "metadata",
)


def parse_responses_body(content: bytes) -> ResponsesBody:
    body = parse_body(content, ResponsesBody)
    for field, advice in UNKEPT.items():
        if getattr(body, field):
            raise RequestError(advice, field=field)
    if body.truncation == "auto":
        raise RequestError(
            "Nothing is cut from a conversation here: shorten it, or leave this out.", field="truncation"
        )
    return body


def decode_responses_request(body: ResponsesBody) -> ChatRequest:
    return ChatRequest(
        messages=tuple(decode_items(body)),
        tools=decode_tools(body),
        tool_choice=decode_tool_choice(body),
        parallel_tool_calls=body.parallel_tool_calls,
        response_format=_decode_format(body),
        max_output_tokens=body.max_output_tokens,
        reasoning=_decode_reasoning(body),
        parameters=dict(_decode_parameters(body)),
        stream=body.stream,
        **decode_picture_wishes(body),
    )


def decode_responses_preferences(body: ResponsesBody) -> Preferences:
    effort = body.reasoning.effort if body.reasoning else None
    return decode_preferences(body, service_tier=body.service_tier, reasoning_effort=effort, warnings=_warnings(body))


def _warnings(body: ResponsesBody) -> Iterator[str]:
    if body.store:
        yield "store: responses are not stored here, ignored"
    yield from warn_of_tools(body)
    for name in body.include or ():
        if name not in (ENCRYPTED, LOGPROBS):
            yield f"include: '{name}' is not known here, ignored"


def _decode_format(body: ResponsesBody) -> ResponseFormat | None:
    wanted = body.text.format if body.text else None
    if wanted is None:
        return None
    if not isinstance(wanted, SchemaTextFormat):
        return ResponseFormat(wanted.type)
    return ResponseFormat("json_schema", wanted.name, wanted.schema_, wanted.strict, wanted.description)


def _decode_reasoning(body: ResponsesBody) -> Reasoning | None:
    wanted = body.reasoning
    if wanted is None or (wanted.effort is None and wanted.max_tokens is None):
        return None
    return Reasoning(wanted.effort, wanted.max_tokens)


def _decode_parameters(body: ResponsesBody) -> Iterator[tuple[str, Any]]:
    """Under the names that the domain knows them by, which are those of chat completions."""
    yield from ((name, value) for name in PARAMETERS if (value := getattr(body, name)) is not None)
    if body.text and body.text.verbosity:
        yield "verbosity", body.text.verbosity
    if body.top_logprobs is not None:
        yield "top_logprobs", body.top_logprobs
    if body.top_logprobs or LOGPROBS in (body.include or ()):
        yield "logprobs", True
