"""Models as OpenAI's, OpenRouter's and Anthropic's clients read them, all three from one object."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from pointsman.domain.cost import find_price, format_usd
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.preferences import AUTO
from pointsman.domain.reply import PricedUnit, TokenClass

# OpenRouter's names of the prices, and ours. Theirs are US dollars per token, as decimal strings.
PRICES_PER_TOKEN: Mapping[str, TokenClass] = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "internal_reasoning": "reasoning",
    "audio": "audio_input",
}
PRICES_PER_UNIT: Mapping[str, PricedUnit] = {"request": "request", "image": "image_input"}


def encode_model(card: ModelCard, today: date) -> dict[str, Any]:
    inputs, outputs = sorted(card.input_modalities), sorted(card.output_modalities)
    return {
        "id": card.id,
        "owned_by": card.id.partition("/")[0],
        "canonical_slug": card.id,
        **_name(card.name, card.released),
        "description": card.notes,
        "context_length": card.context_tokens,
        "architecture": {
            "modality": f"{'+'.join(inputs)}->{'+'.join(outputs)}",
            "input_modalities": inputs,
            "output_modalities": outputs,
            "tokenizer": card.tokenizer,
        },
        "pricing": encode_prices(card, today),
        "top_provider": {"context_length": card.context_tokens, "max_completion_tokens": card.max_output_tokens},
        "supported_parameters": sorted(card.parameters | (card.features & {"tools"})),
        "max_input_tokens": card.context_tokens,
        "max_tokens": card.max_output_tokens,
        "lifecycle": _lifecycle(card, today),
        "retires_at": card.retires_on and _moment(card.retires_on).isoformat(),
        "reasoning": {"supported_efforts": list(card.reasoning_efforts)} if card.reasoning_efforts else None,
    }


def _lifecycle(card: ModelCard, today: date) -> str:
    if card.retires_on is None:
        return "active"
    return "deprecated" if today < card.retires_on else "retired"


def encode_prices(card: ModelCard, today: date) -> dict[str, str]:
    """Today's list prices; empty where none is valid today."""
    try:
        price = find_price(card, on=today)
    except RegistryError:
        return {}
    tokens, units = price.usd_per_mtok, price.usd_per_unit
    per_token = {name: tokens[ours] / 1_000_000 for name, ours in PRICES_PER_TOKEN.items() if ours in tokens}
    per_unit = {name: units[ours] for name, ours in PRICES_PER_UNIT.items() if ours in units}
    return {name: format_usd(usd) for name, usd in (per_token | per_unit).items()}


def encode_auto() -> dict[str, Any]:
    return {
        "id": AUTO,
        "owned_by": "pointsman",
        **_name("Auto", date(1970, 1, 1)),
        "lifecycle": "active",
        "description": "The best model for each request, by the caller's objective.",
    }


def _name(name: str, released: date) -> dict[str, Any]:
    """What OpenAI and OpenRouter call a model, and what Anthropic does."""
    since = _moment(released)
    ours = {"object": "model", "name": name, "created": int(since.timestamp())}
    return ours | {"type": "model", "display_name": name, "created_at": since.isoformat()}


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
