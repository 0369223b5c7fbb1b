"""What must hold of every cost, for any price and any usage."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.cost import PRICED_AS, cost_of_usage
from pointsman.domain.model_card import Endpoint, ModelCard, Price, Speed
from pointsman.domain.reply import TokenClass, Usage

TODAY = date(2026, 11, 22)
TOKEN_CLASSES: tuple[TokenClass, ...] = get_args(TokenClass)

amounts = st.decimals(min_value=0, max_value=1_000, places=4, allow_nan=False)
counts = st.integers(min_value=0, max_value=10_000_000)
own_prices = st.dictionaries(st.sampled_from(tuple(PRICED_AS)), amounts)
usages = st.dictionaries(st.sampled_from(TOKEN_CLASSES), counts).map(Usage)


@st.composite
def cards(draw: st.DrawFn) -> ModelCard:
    """A card with two sizes of prompt, where the larger one never costs less."""
    low: dict[TokenClass, Decimal] = {"input": draw(amounts), "output": draw(amounts), **draw(own_prices)}
    high: dict[TokenClass, Decimal] = {kind: usd + draw(amounts) for kind, usd in low.items()}
    rows = (_price(low, above=0), _price(high, above=draw(st.integers(min_value=1, max_value=5_000_000))))
    return ModelCard(
        id="acme/any",
        name="Any",
        kind="chat",
        model_class="main",
        endpoints=(Endpoint("acme", "any"),),
        released=TODAY,
        context_tokens=1,
        max_output_tokens=1,
        tokenizer="o200k",
        input_modalities=frozenset({"text"}),
        output_modalities=frozenset({"text"}),
        features=frozenset(),
        parameters=frozenset(),
        prices=rows,
        speed=Speed(1, 1, "made up"),
    )


def _price(usd: Mapping[TokenClass, Decimal], *, above: int) -> Price:
    return Price(TODAY, usd, {}, "made up", above_input_tokens=above)


def _raised(price: Price, kind: TokenClass, by: Decimal) -> Price:
    return replace(price, usd_per_mtok={**price.usd_per_mtok, kind: price.usd_per_mtok[kind] + by})


@given(cards(), usages)
def test_the_breakdown_sums_exactly_to_the_total(card: ModelCard, usage: Usage) -> None:
    cost = cost_of_usage(card, usage, on=TODAY)
    prices = cost.price.usd_per_mtok
    exact = sum(
        Fraction(prices.get(kind, prices[PRICED_AS.get(kind, kind)])) * count / 1_000_000
        for kind, count in usage.tokens.items()
    )
    assert Fraction(cost.total_usd) == sum(map(Fraction, cost.breakdown.values())) == exact


@given(cards(), usages, st.sampled_from(TOKEN_CLASSES), counts)
def test_cost_never_falls_with_more_tokens(card: ModelCard, usage: Usage, kind: TokenClass, more: int) -> None:
    larger = Usage({**usage.tokens, kind: usage.tokens.get(kind, 0) + more})
    assert cost_of_usage(card, larger, on=TODAY).total_usd >= cost_of_usage(card, usage, on=TODAY).total_usd


@given(cards(), usages, amounts, st.sampled_from(("input", "output")))
def test_raising_a_price_never_lowers_a_cost(card: ModelCard, usage: Usage, by: Decimal, kind: TokenClass) -> None:
    dearer = replace(card, prices=tuple(_raised(price, kind, by) for price in card.prices))
    assert cost_of_usage(dearer, usage, on=TODAY).total_usd >= cost_of_usage(card, usage, on=TODAY).total_usd
