"""What a recording says, read in the plainest way: the second opinion against which the decoders are held."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.conformance.recorded_traffic import Recording


def has_error(recording: Recording) -> bool:
    return recording.status >= 400 or any("error" in body and body["error"] for body in recording.bodies)


def text_of(recording: Recording) -> str:
    return "".join(_TEXTS.get(recording.row, _chat_texts)(recording))


def tools_of(recording: Recording) -> list[str]:
    return list(_TOOLS.get(recording.row, _chat_tools)(recording))


def total_tokens_of(recording: Recording) -> int:
    return _TOTALS.get(recording.row, _chat_total)(recording)


def _chat_pieces(recording: Recording) -> Iterator[Any]:
    for body in recording.bodies:
        for choice in body.get("choices", ()):
            if choice.get("index", 0) == 0:
                yield choice.get("delta" if recording.streamed else "message") or {}


def _chat_texts(recording: Recording) -> Iterator[str]:
    for piece in _chat_pieces(recording):
        content = piece.get("content") or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        yield from (part["text"] for part in parts if part["type"] == "text")
        yield from ([piece["audio"]["transcript"]] if piece.get("audio") else [])


def _chat_tools(recording: Recording) -> Iterator[str]:
    for piece in _chat_pieces(recording):
        for call in piece.get("tool_calls") or ():
            if call["function"].get("name"):
                yield call["function"]["name"]


def _chat_total(recording: Recording) -> int:
    usages: list[Any] = [body.get("usage") or body.get("x_groq", {}).get("usage") for body in recording.bodies]
    return next((usage["total_tokens"] for usage in reversed(usages) if usage), 0)


def _claude_blocks(recording: Recording) -> Iterator[Any]:
    """Whole blocks, or the starts and deltas of a stream, which have the same fields."""
    for body in recording.bodies:
        yield from body.get("content", ())
        yield body.get("content_block") or {}
        if body.get("type") == "content_block_delta":
            yield {"type": body["delta"]["type"].removesuffix("_delta"), **_without_type(body["delta"])}


def _without_type(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: item for name, item in value.items() if name != "type"}


def _told(usage: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in usage.items() if value is not None}


def _claude_texts(recording: Recording) -> Iterator[str]:
    return (block["text"] for block in _claude_blocks(recording) if block.get("type") == "text")


def _claude_tools(recording: Recording) -> Iterator[str]:
    return (block["name"] for block in _claude_blocks(recording) if block.get("type") == "tool_use")


def _claude_total(recording: Recording) -> int:
    usage: dict[str, Any] = {}
    for body in recording.bodies:
        for holder in (body.get("message"), body):
            usage |= _told(holder["usage"]) if holder and holder.get("usage") else {}
    counters = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
    passes = usage.get("iterations") or [usage]
    return sum(counted.get(name, 0) for counted in passes for name in counters)


def _gemini_parts(recording: Recording) -> Iterator[Any]:
    for body in recording.bodies:
        for candidate in body.get("candidates", ()):
            yield from candidate.get("content", {}).get("parts", ())


def _gemini_texts(recording: Recording) -> Iterator[str]:
    return (part["text"] for part in _gemini_parts(recording) if "text" in part and not part.get("thought"))


def _gemini_tools(recording: Recording) -> Iterator[str]:
    return (part["functionCall"]["name"] for part in _gemini_parts(recording) if "functionCall" in part)


def _gemini_total(recording: Recording) -> int:
    usages = [body.get("usageMetadata", {}) for body in recording.bodies]
    return next((usage["totalTokenCount"] for usage in reversed(usages) if "totalTokenCount" in usage), 0)


_Reader = Callable[[Recording], Iterator[str]]
_TEXTS: Mapping[str, _Reader] = {"anthropic": _claude_texts, "google": _gemini_texts}
_TOOLS: Mapping[str, _Reader] = {"anthropic": _claude_tools, "google": _gemini_tools}
_TOTALS: Mapping[str, Callable[[Recording], int]] = {"anthropic": _claude_total, "google": _gemini_total}
