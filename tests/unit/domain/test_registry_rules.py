"""A registry that could not serve is refused, and a price that has held is never rewritten."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import Price
from pointsman.domain.registry_rules import check_prices_kept, check_registry

from tests.fakes import make_card, make_registry

TODAY = date(2026, 11, 22)
CARD = make_card("one")
OLD: Price = CARD.prices[0]


@pytest.mark.parametrize(
    ("cards", "policy", "field"),
    [
        ([make_card("one"), make_card("one")], {}, "acme/one: id"),
        ([make_card("one")], {"safe_default": "acme/gone"}, "policy: safe_default"),
        ([make_card("one")], {"reference_model": "acme/gone"}, "policy: reference_model"),
        ([make_card("one", enabled=False)], {}, "policy: safe_default"),
        ([make_card("one", weight_milli=0)], {}, "policy: safe_default"),
        ([make_card("one", kind="speech")], {}, "policy: safe_default"),
    ],
)
def test_what_could_not_serve_is_refused_by_item_and_field(cards: Any, policy: Any, field: str) -> None:
    with pytest.raises(RegistryError) as raised:
        check_registry(make_registry(cards, **policy))
    assert str(raised.value).startswith(field)
    assert raised.value.path == field.split(": ")[1]


@pytest.mark.parametrize(
    "prices",
    [
        (),
        (replace(OLD, usd_per_mtok={"input": Decimal(9)}),),
        (replace(OLD, valid_from=date(2026, 2, 1)),),
        (replace(OLD, service_tier="batch"),),
    ],
)
def test_a_price_that_has_held_is_not_rewritten(prices: tuple[Price, ...]) -> None:
    before, after = make_registry([CARD]), make_registry([replace(CARD, prices=prices)])
    with pytest.raises(RegistryError, match=r"acme/one: prices\[0\]: the row from 2026-01-01 has begun to hold"):
        check_prices_kept(before, after, today=TODAY)


def test_a_price_may_be_ended_and_followed_and_read_again() -> None:
    ended = replace(OLD, valid_until=TODAY, checked=TODAY, source="again")
    after = make_registry([replace(CARD, prices=(ended, replace(OLD, valid_from=TODAY)))])
    check_prices_kept(make_registry([CARD]), after, today=TODAY)
    with pytest.raises(RegistryError):
        check_prices_kept(after, make_registry([CARD]), today=TODAY)


def test_a_price_that_does_not_hold_yet_may_be_corrected() -> None:
    future = replace(OLD, valid_from=date(2027, 1, 1))
    before = make_registry([replace(CARD, prices=(future,))])
    check_prices_kept(before, make_registry([replace(CARD, prices=())]), today=TODAY)
