"""OpenAI's usage object, and what other providers make of it, in classes that do not overlap."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pointsman.adapters.providers.dialects.json_reading import as_amount, as_count, as_object
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import TokenClass, Usage, UsageReported

# xAI counts money in ticks of 1e-10 dollars.
USD_PER_TICK = Decimal("1e-10")


def decode_usage(body: JsonObject) -> Iterator[UsageReported]:
    # Groq puts the usage of a stream under x_groq.
    usage = as_object(body.get("usage") or as_object(body.get("x_groq"), "x_groq").get("usage"), "usage")
    if usage:
        yield UsageReported(Usage(_classify_tokens(usage), cost_of(usage)))


def _classify_tokens(usage: JsonObject) -> dict[TokenClass, int]:
    prompt, completion = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    # The total tells whether a class lies inside the two counts or beside them: Mistral counts sound beside the
    # prompt, xAI and Gemini count thoughts beside the completion.
    beside = max(_count(usage, "total_tokens") - prompt - completion, 0)
    audio_input = _count(usage, "prompt_tokens_details.audio_tokens")
    audio_is_beside = audio_input > 0 and beside == audio_input
    tokens = _classify_prompt(usage, prompt + audio_input if audio_is_beside else prompt, audio_input)
    return tokens | _classify_completion(usage, completion, thoughts_beside=0 if audio_is_beside else beside)


def _classify_prompt(usage: JsonObject, prompt: int, audio_input: int) -> dict[TokenClass, int]:
    cache_read = _first_count(usage, "prompt_tokens_details.cached_tokens", "prompt_cache_hit_tokens")
    # Mistral says 0 or nothing in the details while it counts at the top.
    cache_read = cache_read or _first_count(usage, "cached_tokens", "num_cached_tokens")
    cache_write = _count(usage, "prompt_tokens_details.cache_write_tokens")
    # A prompt smaller than its cached part does not contain it (Grok on Azure).
    fresh = prompt - cache_read - cache_write if prompt >= cache_read + cache_write else prompt
    # Media that the cache served are counted as cache_read alone.
    audio = min(audio_input, fresh)
    image = min(_count(usage, "prompt_tokens_details.image_tokens"), fresh - audio)
    return {
        "input": fresh - audio - image,
        "cache_read": cache_read,
        "cache_write": cache_write,
        "image_input": image,
        "audio_input": audio,
    }


def _classify_completion(usage: JsonObject, completion: int, *, thoughts_beside: int) -> dict[TokenClass, int]:
    told = _count(usage, "completion_tokens_details.reasoning_tokens")
    thoughts_inside = 0 if thoughts_beside else min(told, completion)
    audio = _count(usage, "completion_tokens_details.audio_tokens")
    image = _count(usage, "completion_tokens_details.image_tokens")
    return {
        "output": max(completion - thoughts_inside - audio - image, 0),
        "reasoning": thoughts_beside or thoughts_inside,
        "image_output": image,
        "audio_output": audio,
    }


def cost_of(usage: JsonObject) -> Decimal | None:
    """What the provider says the call cost, in the several ways in which they say it."""
    cost: Any = usage.get("cost")
    if isinstance(cost, dict):
        cost = as_object(cost, "cost").get("total_cost")
    if cost is None and usage.get("cost_in_usd_ticks") is not None:
        return as_count(usage["cost_in_usd_ticks"], "cost_in_usd_ticks") * USD_PER_TICK
    return None if cost is None else as_amount(cost, "cost")


def _first_count(usage: JsonObject, *paths: str) -> int:
    return next((count for count in (_count(usage, path) for path in paths) if count), 0)


def _count(usage: JsonObject, path: str) -> int:
    group, _, name = path.rpartition(".")
    return as_count((as_object(usage.get(group), group) if group else usage).get(name), path)
