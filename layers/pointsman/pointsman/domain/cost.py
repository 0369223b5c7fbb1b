"""What a call costs, exactly: picks the price row, charges every class of tokens and every unit. Never rounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.reply import PricedUnit, TokenClass, Usage

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


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars by token class and unit, and the price row they follow from."""

    breakdown: Mapping[TokenClass | PricedUnit, Decimal]
    price: Price

    @property
    def total_usd(self) -> Decimal:
        return sum(self.breakdown.values(), Decimal(0))


def find_price(card: ModelCard, *, on: date, service_tier: str = "default", input_tokens: int = 0) -> Price:
    """The row for a day, a service tier and a prompt size; the highest threshold exceeded prices the whole prompt."""
    row = pick_price(prices_of(card, on=on, service_tier=service_tier), input_tokens)
    if row is None:
        raise RegistryError(f"{card.id}: prices: none for service tier {service_tier!r} on {on.isoformat()}")
    return row


def prices_of(card: ModelCard, *, on: date, service_tier: str) -> tuple[Price, ...]:
    """The rows for a day and a service tier, the highest threshold first."""
    rows = (row for row in card.prices if row.service_tier == service_tier and holds_on(row, on))
    return tuple(sorted(rows, key=lambda row: -row.above_input_tokens))


def pick_price(rows: Iterable[Price], input_tokens: int) -> Price | None:
    """The first of the rows whose threshold a prompt exceeds."""
    for row in rows:
        if row.above_input_tokens == 0 or input_tokens > row.above_input_tokens:
            return row
    return None


def cost_of_usage(card: ModelCard, usage: Usage, *, on: date, service_tier: str = "default") -> Cost:
    """What a call cost. Its units may be more than the model is sold by; the rest is free there.

    RegistryError where the card cannot price the call: a call is never free for want of a price.
    """
    price = find_price(card, on=on, service_tier=service_tier, input_tokens=usage.prompt_tokens)
    return Cost(charge(card, spell_out(price), usage.charged_tokens, usage.units), price)


def charge(
    card: ModelCard, price: Price, tokens: Mapping[TokenClass, int], units: Mapping[PricedUnit, Decimal]
) -> Mapping[TokenClass | PricedUnit, Decimal]:
    """One call at the prices of one row of the card, spelt out. RegistryError as for `cost_of_usage`."""
    charged: dict[TokenClass | PricedUnit, Decimal] = {}
    # A row without any token price sells by the unit, and its tokens are only counted.
    if price.usd_per_mtok:
        charged = {kind: _usd_of_tokens(card, price, kind, count) for kind, count in tokens.items() if count}
    charged |= _charge_units(price, units)
    if not charged and not price.usd_per_mtok:
        raise RegistryError(f"{card.id}: prices: sold by {', '.join(price.usd_per_unit)}, of which none was counted")
    return charged


def spell_out(row: Price) -> Price:
    """The row with a price for each class of tokens that it sells, also for those that it names no price of."""
    sold = {kind: row.usd_per_mtok[main] for kind, main in PRICED_AS.items() if main in row.usd_per_mtok}
    return replace(row, usd_per_mtok={**sold, **row.usd_per_mtok})


def holds_on(row: Price, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or day < row.valid_until)


def _usd_of_tokens(card: ModelCard, price: Price, kind: TokenClass, count: int) -> Decimal:
    if kind not in price.usd_per_mtok:
        raise no_price_for(kind, card, price)
    return price.usd_per_mtok[kind] * count / 1_000_000


def no_price_for(kind: TokenClass, card: ModelCard, price: Price) -> RegistryError:
    return RegistryError(f"{card.id}: prices: the row from {price.valid_from.isoformat()} has none for {kind}")


def _charge_units(price: Price, units: Mapping[PricedUnit, Decimal]) -> dict[PricedUnit, Decimal]:
    if not price.usd_per_unit:
        return {}
    counted: Mapping[PricedUnit, Decimal] = {"request": Decimal(1), **units}
    return {unit: usd * counted[unit] for unit, usd in price.usd_per_unit.items() if unit in counted}


def format_usd(amount: Decimal) -> str:
    """Exact and without exponent, such as `0.000125`."""
    return format(amount.normalize(), "f") if amount else "0"
