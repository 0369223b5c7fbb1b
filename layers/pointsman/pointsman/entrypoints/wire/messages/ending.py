"""How an answer ended and what it used, in Anthropic's words."""

from collections.abc import Mapping
from typing import Any, Final

from pointsman.domain.ledger import Served
from pointsman.domain.reply import FinishReason, Usage

STOP_REASONS: Final[Mapping[FinishReason, str]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
    # Anthropic has no word for an answer that a provider gave up; the details say what it was.
    "error": "refusal",
}
# Anthropic's own finer words, where a provider of its dialect gave one.
FINER: Final = frozenset({"stop_sequence", "pause_turn", "model_context_window_exceeded"})

STOP_FIELDS: Final = ("stop_reason", "stop_sequence", "stop_details")


def encode_stop(reason: FinishReason, native_reason: str | None, *, refusal: str, has_calls: bool) -> dict[str, Any]:
    """The stop fields. A refusal in words is one here, and calls of tools are, whatever the provider called its end."""
    if has_calls and reason == "stop":
        reason = "tool_calls"
    if reason == "error":
        refusal = refusal or f"The provider gave up: {native_reason or 'without a reason'}."
    stop_reason = "refusal" if refusal else STOP_REASONS[reason]
    details = {"type": "refusal", "category": None, "explanation": refusal or None}
    return {
        "stop_reason": native_reason if native_reason in FINER and not (refusal or has_calls) else stop_reason,
        "stop_sequence": None,
        "stop_details": details if stop_reason == "refusal" else None,
    }


def encode_usage(usage: Usage) -> dict[str, Any]:
    """Anthropic's input leaves out what the cache read and wrote."""
    tokens = usage.tokens
    cached = {"cache_read_input_tokens": tokens.get("cache_read", 0)}
    written = {"cache_creation_input_tokens": tokens.get("cache_write", 0)}
    return {
        "input_tokens": usage.prompt_tokens - sum(cached.values()) - sum(written.values()),
        **cached,
        **written,
        "output_tokens": usage.completion_tokens,
        "output_tokens_details": {"thinking_tokens": tokens.get("reasoning", 0)},
    }


def encode_bill(served: Served | None) -> dict[str, Any]:
    """The usage with its cost in US dollars, which is our addition."""
    return encode_usage(served.usage) | {"cost": float(served.cost.total_usd)} if served else encode_usage(Usage())
