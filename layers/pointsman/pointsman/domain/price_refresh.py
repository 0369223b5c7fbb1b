"""What a price list changes in the registry: rows are ended and added by the day, never overwritten."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from pointsman.domain.cost import holds_on
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.reply import TokenClass

# A price that changes by more waits for somebody to confirm it.
LARGEST_CHANGE = Decimal("0.5")
# Among a card's sources, under which name the price list knows the model.
_LISTED = re.compile(r"genai-prices \S+ as (\S+)")

# Service tier and `above_input_tokens` -> US dollars per million tokens.
Quote = Mapping[tuple[str, int], Mapping[TokenClass, Decimal]]


@dataclass(frozen=True, slots=True)
class PriceList:
    """What models cost, by the list's own names; `source` is what a row refers to."""

    source: str
    quotes: Mapping[str, Quote]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A quote that changes a model's prices, by how much at most as a share, and the day it was seen first."""

    model: str
    quote: Quote
    change: Decimal
    source: str
    seen: date


def listed_as(card: ModelCard) -> str | None:
    """The price list's name for the model; None where nobody has said that it is the same."""
    found = (_LISTED.fullmatch(source) for source in card.sources)
    return next((match[1] for match in found if match), None)


def refresh_card(card: ModelCard, quote: Quote, *, today: date, source: str) -> ModelCard:
    """The card with the quote's prices from tomorrow on: what was charged today stays derivable.

    What the quote leaves out stays as it is, and so does the day on which a price was to end.
    """
    prices = [row for price in card.prices for row in _refresh(price, quote, today=today, source=source)]
    return replace(card, prices=tuple(prices))


def change_of(before: ModelCard, after: ModelCard, *, today: date) -> Decimal:
    """The largest change of a price from tomorrow on, as a share of what it was; infinite to or from nothing."""
    tomorrow = today + timedelta(1)
    were = {(row.service_tier, row.above_input_tokens): row for row in before.prices if holds_on(row, tomorrow)}
    changes = [
        _change(were[row.service_tier, row.above_input_tokens].usd_per_mtok[kind], usd)
        for row in after.prices
        if holds_on(row, tomorrow)
        for kind, usd in row.usd_per_mtok.items()
    ]
    return max(changes, default=Decimal(0))


def _refresh(row: Price, quote: Quote, *, today: date, source: str) -> Iterator[Price]:
    tomorrow = today + timedelta(1)
    quoted = quote.get((row.service_tier, row.above_input_tokens), {})
    usd = {kind: quoted.get(kind, was) for kind, was in row.usd_per_mtok.items()}
    if usd == row.usd_per_mtok or not holds_on(row, tomorrow):
        yield row
        return
    if row.valid_from < tomorrow:
        yield replace(row, valid_until=tomorrow)
    yield replace(row, valid_from=tomorrow, usd_per_mtok=usd, source=source, checked=today)


def _change(was: Decimal, now: Decimal) -> Decimal:
    if was == now:
        return Decimal(0)
    return abs(now - was) / was if was and now else Decimal("Infinity")
