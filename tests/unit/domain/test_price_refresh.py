"""What a quote changes in a card: from tomorrow on, without a hole, and nothing that was charged."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.cost import find_price
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.price_refresh import Quote, change_of, listed_as, refresh_card
from pointsman.domain.registry_rules import check_prices_kept

from tests.fakes import make_card, make_registry

TODAY = date(2026, 11, 27)
TOMORROW = TODAY + timedelta(1)
SPRING = date(2026, 4, 1)


def _quote(usd_input: str, usd_output: str = "10", *, tier: str = "default", above: int = 0) -> Quote:
    return {(tier, above): {"input": Decimal(usd_input), "output": Decimal(usd_output), "cache_read": Decimal(1)}}


def _refresh(card: ModelCard, quote: Quote, *, today: date = TODAY) -> ModelCard:
    return refresh_card(card, quote, today=today, source="list")


def test_a_new_price_holds_from_tomorrow_and_the_old_one_until_then() -> None:
    card = _refresh(make_card("one", usd="1"), _quote("1.2"))
    assert find_price(card, on=TODAY).usd_per_mtok["input"] == 1
    new = find_price(card, on=TOMORROW)
    # The card knows no price for reading a cache: the quote's own would change what else it is charged as.
    assert (new.usd_per_mtok, new.source, new.checked) == (
        {"input": Decimal("1.2"), "output": Decimal(10)},
        "list",
        TODAY,
    )


def test_a_second_change_on_the_same_day_replaces_what_has_not_begun() -> None:
    card = _refresh(_refresh(make_card("one", usd="1"), _quote("1.2")), _quote("1.3"))
    assert [row.usd_per_mtok["input"] for row in card.prices] == [1, Decimal("1.3")]


@pytest.mark.parametrize("quote", [{}, _quote("1"), _quote("9", tier="flex"), _quote("9", above=200_000)])
def test_what_is_quoted_the_same_or_not_at_all_stays(quote: Quote) -> None:
    card = make_card("one", usd="1")
    assert _refresh(card, quote) == card


def test_a_price_that_was_to_end_still_ends_and_the_next_follows() -> None:
    card = make_card("one", usd="1")
    (row,) = card.prices
    later = replace(row, valid_from=TODAY + timedelta(30), usd_per_mtok={"input": Decimal(7), "output": Decimal(70)})
    card = replace(card, prices=(replace(row, valid_until=later.valid_from), later))
    refreshed = _refresh(card, _quote("1.2"))
    found = [find_price(refreshed, on=TODAY + timedelta(day)).usd_per_mtok["input"] for day in (0, 1, 29, 30)]
    assert found == [1, Decimal("1.2"), Decimal("1.2"), 7]


@given(st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=6), st.integers(0, 400))
def test_no_day_is_without_exactly_one_price_and_no_begun_price_is_changed(quotes: list[Decimal], day: int) -> None:
    card = make_card("one", usd="1")
    for number, usd in enumerate(quotes):
        today = TODAY + timedelta(number // 2)
        after = _refresh(card, _quote(str(usd)), today=today)
        check_prices_kept(make_registry([card]), make_registry([after]), today=today)
        card = after
    holding = [row for row in card.prices if _holds(row, SPRING + timedelta(day))]
    assert len(holding) == 1


def _holds(row: Price, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or day < row.valid_until)


@pytest.mark.parametrize(
    ("usd", "change"), [("1", "0"), ("1.5", "0.5"), ("0.4", "0.6"), ("2.5", "1.5"), ("0", "Infinity")]
)
def test_a_change_is_the_largest_share_of_what_a_price_was(usd: str, change: str) -> None:
    card = make_card("one", usd="1")
    assert change_of(card, _refresh(card, _quote(usd)), today=TODAY) == Decimal(change)


def test_only_who_is_named_among_the_sources_is_in_the_list() -> None:
    named = make_card("one", sources=("litellm 1.109.1 as one", "genai-prices 0.2.3 as acme/uno"))
    assert listed_as(named) == "acme/uno"
    assert listed_as(make_card("one", sources=("models.dev (limits)",))) is None
