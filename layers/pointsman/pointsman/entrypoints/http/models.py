"""GET /models: what can be asked for, as OpenAI's and OpenRouter's clients read it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from fastapi import APIRouter, Request

from pointsman.domain.cost import find_price
from pointsman.domain.documents.ledger import format_usd
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.preferences import AUTO
from pointsman.domain.reply import PricedUnit, TokenClass
from pointsman.entrypoints.http.arrival import receive

routes = APIRouter()
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


@routes.get("/models")
async def list_models(request: Request) -> dict[str, Any]:
    arrival = await receive(request)
    registry = await arrival.router.outside.registry.current()
    today = arrival.router.now().date()
    models = [encode_model(card, today) for card in registry.cards if card.enabled]
    return {"object": "list", "data": [_encode_auto(), *models]}


def encode_model(card: ModelCard, today: date) -> dict[str, Any]:
    inputs, outputs = sorted(card.input_modalities), sorted(card.output_modalities)
    return {
        "id": card.id,
        "object": "model",
        "owned_by": card.id.partition("/")[0],
        "canonical_slug": card.id,
        "name": card.name,
        "created": _timestamp(card.released),
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
        "reasoning": {"supported_efforts": list(card.reasoning_efforts)} if card.reasoning_efforts else None,
    }


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


def _encode_auto() -> dict[str, Any]:
    return {
        "id": AUTO,
        "object": "model",
        "owned_by": "pointsman",
        "name": "Auto",
        "created": 0,
        "description": "The best model for each request, by the caller's objective.",
    }


def _timestamp(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
