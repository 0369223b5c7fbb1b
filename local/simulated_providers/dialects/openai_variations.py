"""Where providers differ who speak OpenAI's chat completions.

Read from recorded traffic and the providers' SDKs of 2026-11. Providers not named here behave as most do.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variation:
    """`thought_field` carries readable thoughts; `always_reports_usage` means in a stream without being asked."""

    thought_field: str | None = "reasoning"
    always_reports_usage: bool = False
    refused_fields: frozenset[str] = frozenset()
    refused_status: int = 400


_VARIATIONS = {
    "openai": Variation(thought_field=None),
    "deepseek": Variation(thought_field="reasoning_content"),
    "mistral": Variation(
        thought_field=None,
        always_reports_usage=True,
        refused_fields=frozenset({"stream_options", "seed", "max_completion_tokens", "logit_bias", "user"}),
        refused_status=422,
    ),
    "openrouter": Variation(always_reports_usage=True),
    "perplexity": Variation(
        always_reports_usage=True,
        refused_fields=frozenset({"tools", "n", "logprobs"}),
    ),
}


def variation_of(provider: str) -> Variation:
    return _VARIATIONS.get(provider, Variation())
