"""What a call costs, exactly: picks the price row, charges each class of tokens and each unit. Never rounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import get_args

from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard, Price, PricedUnit
from pointsman.domain.reply import TokenClass, Usage

# A class without a price of its own is sold at the price of the class it is a kind of.
PRICED_AS: Mapping[TokenClass, TokenClass] = {
    "cache_read": "input",
    "cache_write": "input",
    "audio_input": "input",
    "image_input": "input",
    "reasoning": "output",
    "audio_output": "output",
    "image_output": "output",
}
UNIT_NAMES: tuple[PricedUnit, ...] = get_args(PricedUnit)
TOKENS_PER_MTOK_EXPONENT = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a call: disjoint token classes, and whatever units were counted beside them.

    Units that a model is not sold by may be given: they cost nothing there.
    """

    usage: Usage = Usage()
    units: Mapping[PricedUnit, Decimal] = field(default_factory=dict[PricedUnit, Decimal])


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars by token class or unit, and the price row they follow from."""

    breakdown: Mapping[TokenClass | PricedUnit, Decimal]
    price: Price

    @property
    def total_usd(self) -> Decimal:
        return sum(self.breakdown.values(), Decimal(0))


def find_price(card: ModelCard, *, on: date, service_tier: str = "default", input_tokens: int = 0) -> Price:
    """The row for a day, a service tier and a prompt size; the highest threshold exceeded prices the whole prompt."""
    rows = [row for row in card.prices if row.service_tier == service_tier and _is_valid(row, on)]
    reached = [row for row in rows if _is_reached(row, input_tokens)]
    if not reached:
        raise RegistryError(f"{card.id}: no price for service tier {service_tier!r} on {on.isoformat()}")
    return max(reached, key=lambda row: row.above_input_tokens)


def cost_of_measure(card: ModelCard, measure: Measure, *, on: date, service_tier: str = "default") -> Cost:
    """What the tokens and units cost together. RegistryError where the card cannot price them: never a free call."""
    price = find_price(card, on=on, service_tier=service_tier, input_tokens=measure.usage.prompt_tokens)
    units = {"request": Decimal(1), **measure.units}
    breakdown: dict[TokenClass | PricedUnit, Decimal] = {}
    breakdown.update(_charge_tokens(card, price, measure.usage))
    breakdown.update({unit: usd * units[unit] for unit, usd in price.usd_per_unit.items() if unit in units})
    if not breakdown and measure.usage.tokens:
        raise RegistryError(f"{card.id}: sold by {', '.join(price.usd_per_unit)}, of which the call counts none")
    return Cost(breakdown, price)
