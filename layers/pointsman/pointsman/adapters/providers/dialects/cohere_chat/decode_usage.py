"""Cohere's usage in classes that do not overlap. What it bills leaves out its own template around the prompt."""

from pointsman.adapters.providers.dialects.json_reading import as_count, as_object
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import TokenClass, Usage, UsageReported


def decode_usage(usage: JsonObject) -> UsageReported:
    tokens = as_object(usage.get("tokens"), "tokens")
    prompt, cached = (
        as_count(tokens.get("input_tokens"), "input_tokens"),
        as_count(usage.get("cached_tokens"), "cached"),
    )
    written = as_count(tokens.get("output_tokens"), "output_tokens")
    thoughts = min(as_count(tokens.get("reasoning_tokens"), "reasoning_tokens"), written)
    used: dict[TokenClass, int] = {
        "input": max(prompt - cached, 0),
        "cache_read": min(cached, prompt),
        # Images stand beside the prompt's tokens, thoughts within those of the answer.
        "image_input": as_count(tokens.get("image_tokens"), "image_tokens"),
        "output": written - thoughts,
        "reasoning": thoughts,
    }
    return UsageReported(Usage(used, billed=_decode_billed(as_object(usage.get("billed_units"), "billed_units"))))


def _decode_billed(units: JsonObject) -> dict[TokenClass, int] | None:
    if not units:
        return None
    return {
        "input": as_count(units.get("input_tokens"), "billed_units.input_tokens"),
        "output": as_count(units.get("output_tokens"), "billed_units.output_tokens"),
    }
