"""The usage object of OpenAI's Responses in classes that do not overlap."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.json_reading import as_count, as_object
from pointsman.adapters.providers.dialects.openai_chat.decode_usage import cost_of
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import TokenClass, Usage, UsageReported


def decode_usage(response: JsonObject) -> Iterator[UsageReported]:
    usage = as_object(response.get("usage"), "usage")
    if not usage:
        return
    inputs = as_object(usage.get("input_tokens_details"), "input_tokens_details")
    prompt = as_count(usage.get("input_tokens"), "input_tokens")
    cached = min(as_count(inputs.get("cached_tokens"), "cached_tokens"), prompt)
    kept = min(as_count(inputs.get("cache_write_tokens"), "cache_write_tokens"), prompt - cached)
    outputs = as_object(usage.get("output_tokens_details"), "output_tokens_details")
    written = as_count(usage.get("output_tokens"), "output_tokens")
    thoughts = min(as_count(outputs.get("reasoning_tokens"), "reasoning_tokens"), written)
    tokens: dict[TokenClass, int] = {"input": prompt - cached - kept, "cache_read": cached, "cache_write": kept}
    yield UsageReported(Usage({**tokens, "output": written - thoughts, "reasoning": thoughts}, cost_of(usage)))
