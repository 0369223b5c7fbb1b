"""Reads the price list of the genai-prices project, by the package's own update. Knows nothing of our models."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

import httpx2
from genai_prices import UpdatePrices
from genai_prices.types import ModelInfo, TieredPrices

from pointsman.domain.errors import PriceListError
from pointsman.domain.price_refresh import PriceList, Quote
from pointsman.domain.reply import TokenClass

CLASSES: Final[Mapping[str, TokenClass]] = {
    "input_mtok": "input",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "input_image_mtok": "image_input",
    "input_audio_mtok": "audio_input",
    "output_mtok": "output",
    "output_reasoning_mtok": "reasoning",
    "output_image_mtok": "image_output",
    "output_audio_mtok": "audio_output",
}
DEFAULT_TIER: Final = "default"


class GenaiPriceList:
    """Implements PriceSource. `url` stands in for the address that the package knows."""

    def __init__(self, url: str | None = None) -> None:
        self._updater = UpdatePrices(url=url) if url else UpdatePrices()

    def read(self, on: date) -> PriceList:
        try:
            snapshot = self._updater.fetch()
        except (httpx2.HTTPError, ValueError) as error:
            raise PriceListError(f"The price list cannot be read: {type(error).__name__}: {error}") from error
        noon = datetime.combine(on, time(12), UTC)
        providers = snapshot.providers if snapshot else []
        quotes = {
            f"{provider.id}/{model.id}": _quote(model, noon) for provider in providers for model in provider.models
        }
        return PriceList(f"genai-prices, read on {on.isoformat()}", quotes)


def _quote(model: ModelInfo, at: datetime) -> Quote:
    return {
        (tier, threshold): usd
        for tier in (DEFAULT_TIER, *_priced_tiers(model, at))
        for threshold, usd in _rows(model.get_prices(at, {"service_tier": tier}))
    }


def _priced_tiers(model: ModelInfo, at: datetime) -> frozenset[str]:
    """Service tiers with prices of their own; for any other the package gives the usual ones."""
    held = (each for each in model.price_variants or () if each.constraint is None or each.constraint.active(at))
    return frozenset(each.when["service_tier"] for each in held if each.when.keys() == {"service_tier"})


def _rows(prices: Any) -> Iterator[tuple[int, dict[TokenClass, Decimal]]]:
    """What a prompt above each threshold costs."""
    found: dict[TokenClass, Any] = {kind: getattr(prices, name, None) for name, kind in CLASSES.items()}
    told: dict[TokenClass, Decimal | TieredPrices] = {kind: price for kind, price in found.items() if price is not None}
    tiered = [price for price in told.values() if isinstance(price, TieredPrices)]
    for threshold in sorted({0, *(tier.start for price in tiered for tier in price.tiers)}):
        yield threshold, {kind: _above(price, threshold) for kind, price in told.items()}


def _above(price: Decimal | TieredPrices, threshold: int) -> Decimal:
    if not isinstance(price, TieredPrices):
        return price
    reached = [tier.price for tier in price.tiers if tier.start <= threshold]
    return reached[-1] if reached else price.base
