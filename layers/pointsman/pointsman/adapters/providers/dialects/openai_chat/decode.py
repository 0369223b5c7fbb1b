"""A whole reply in OpenAI's words as reply events."""

from collections.abc import Iterable, Iterator, Mapping, Set

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects, as_text, as_texts
from pointsman.adapters.providers.dialects.openai_chat.decode_message import decode_message
from pointsman.adapters.providers.dialects.openai_chat.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.openai_chat.tool_call_numbers import ToolCallNumbers
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import (
    AnnotationAdded,
    Finished,
    FinishReason,
    LogprobsDelta,
    ReplyEvent,
    ReplyStarted,
    TextDelta,
    ToolCallDelta,
)

# Besides OpenAI's own: function_call (before tools), eos (Together), model_length (Mistral), error (OpenRouter).
FINISH_REASONS: Mapping[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "content_filter": "content_filter",
    "function_call": "tool_calls",
    "eos": "stop",
    "model_length": "length",
    "error": "error",
}


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    raise_reported_error(body)
    choices = as_objects(body.get("choices"), "choices")
    if not choices:
        raise MalformedReplyError("the reply has no choices")
    yield decode_start(body)
    yield from decode_citations(body)
    for position, choice in enumerate(choices):
        yield from _decode_choice(choice, position, ToolCallNumbers(str(body.get("id") or "")))
    yield from decode_usage(body)


def raise_reported_error(body: JsonObject) -> None:
    """Some providers report errors with status 200, in whole replies as in streams."""
    if body.get("error") or body.get("object") == "error":
        raise InStreamError(body)


def decode_start(body: JsonObject) -> ReplyStarted:
    return ReplyStarted(as_text(body.get("id"), "id") or None, as_text(body.get("model"), "model") or None)


def decode_citations(body: JsonObject) -> Iterator[AnnotationAdded]:
    """Perplexity and xAI name their sources beside the choices."""
    pages = as_objects(body.get("search_results"), "search_results")
    for source in pages or [{"url": url} for url in as_texts(body.get("citations"), "citations")]:
        told = {name: source[name] for name in ("url", "title") if source.get(name)}
        yield AnnotationAdded({"type": "url_citation", "url_citation": told})


def decode_finish(choice: JsonObject, number: int) -> Finished | None:
    """None while the choice has not ended."""
    if choice.get("error"):
        raise InStreamError(choice)
    reason = as_text(choice.get("finish_reason"), "finish_reason")
    if not reason:
        return None
    if reason not in FINISH_REASONS:
        raise MalformedReplyError(f"unknown finish_reason {reason!r}")
    native = as_text(choice.get("native_finish_reason"), "native_finish_reason") or reason
    if FINISH_REASONS[reason] == "error":
        raise MalformedReplyError(f"the model broke off with {native!r}")
    return Finished(FINISH_REASONS[reason], native, number)


def decode_logprobs(choice: JsonObject, number: int) -> Iterator[LogprobsDelta]:
    logprobs = as_object(choice.get("logprobs"), "logprobs")
    if logprobs:
        yield LogprobsDelta(logprobs, number)


def infer_finish(kinds: Set[type[ReplyEvent]], number: int) -> Finished:
    """For a choice that ended well without saying why: the kinds of its events tell."""
    if not kinds & {TextDelta, ToolCallDelta}:
        raise MalformedReplyError("a choice ended with neither content nor a reason")
    return Finished("tool_calls" if ToolCallDelta in kinds else "stop", choice=number)


def _decode_choice(choice: JsonObject, position: int, numbers: ToolCallNumbers) -> Iterator[ReplyEvent]:
    number = as_count(choice.get("index", position), "index")
    message = as_object(choice.get("message"), "message")
    pieces = [*decode_message(message, number), *numbers.decode(message, number)]
    yield from pieces
    yield from decode_logprobs(choice, number)
    yield decode_finish(choice, number) or infer_finish({type(piece) for piece in pieces}, number)
