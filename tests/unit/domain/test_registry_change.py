"""A change says only what is to be different; what it says wrongly is refused by item and field."""

from decimal import Decimal
from typing import Any

import pytest
from pointsman.domain.documents.registry import encode_card
from pointsman.domain.documents.registry_change import apply_change, item_document, replace_item
from pointsman.domain.documents.registry_diff import diff_registries
from pointsman.domain.errors import NotFoundError, RegistryError

from tests.fakes import make_card, make_registry

BEFORE = make_registry([make_card("one"), make_card("two")])
NEW_PRICE = {"from": "2026-12-01", "usd_per_mtok": {"input": "2", "output": "20"}, "source": "test"}


def differences(change: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    found = diff_registries(BEFORE, apply_change(BEFORE, change))
    return [(each.item, each.path, each.before, each.after) for each in found]


def test_an_empty_change_changes_nothing() -> None:
    assert differences({}) == []


def test_a_whole_stored_card_as_a_change_changes_nothing() -> None:
    assert differences({"models": [item_document(BEFORE, "acme/one")], "policy": item_document(BEFORE, "policy")}) == []


def test_fields_given_win_and_null_goes_back_to_the_default() -> None:
    off = {"models": [{"id": "acme/two", "weight_milli": 500, "notes": "slow", "parameters": ["seed"]}]}
    assert differences(off) == [
        ("acme/two", "parameters", ["temperature"], ["seed"]),
        ("acme/two", "weight_milli", None, 500),
        ("acme/two", "notes", None, "slow"),
    ]
    again = apply_change(apply_change(BEFORE, off), {"models": [{"id": "acme/two", "weight_milli": None}]})
    assert again.cards[1].weight_milli == 1000
    assert differences({"policy": {"willingness_to_pay_usd": "0.1"}}) == [
        ("policy", "willingness_to_pay_usd", None, "0.1")
    ]


def test_a_price_is_added_and_ends_the_one_before() -> None:
    after = apply_change(BEFORE, {"models": [{"id": "acme/one", "prices": [NEW_PRICE]}]})
    old, new = after.cards[0].prices
    assert old.valid_until == new.valid_from
    assert (old.usd_per_mtok["input"], new.usd_per_mtok["input"]) == (Decimal(1), Decimal(2))
    assert [each.path for each in diff_registries(BEFORE, after)] == ["prices.2026-01-01.until", "prices.2026-12-01"]


def test_models_come_and_go() -> None:
    new = encode_card(make_card("new"))
    assert differences({"models": [new], "remove_models": ["acme/two"]}) == [
        ("acme/new", "", None, new),
        ("acme/two", "", encode_card(BEFORE.cards[1]), None),
    ]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"modles": []}, "modles: no such field of a change"),
        ({"models": {"id": "x"}}, "models: must be a list of objects"),
        ({"models": [{"enabled": True}]}, "models: every row needs the id"),
        ({"models": [{"id": "acme/one", "enabled": "no"}]}, "acme/one: enabled: must be true or false"),
        ({"models": [{"id": "acme/one", "prices": [{"from": 7}]}]}, r"acme/one: prices\[0\].source: is missing"),
        ({"models": [{"id": "acme/three", "enabled": True}]}, "acme/three: name: is missing"),
        ({"remove_models": ["acme/three"]}, "remove_models: there is no model 'acme/three'"),
        ({"remove_models": "acme/one"}, "remove_models: must be a list of ids"),
        ({"policy": [1]}, "policy: must be an object"),
        ({"policy": {"objective": "cheap"}}, "policy: objective: must be one of"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], text: str) -> None:
    with pytest.raises(RegistryError, match=f"^{text}"):
        apply_change(BEFORE, change)


def test_an_item_written_anew_keeps_its_id() -> None:
    with pytest.raises(RegistryError, match=r"^acme/one: id: cannot be changed"):
        replace_item(BEFORE, "acme/one", encode_card(make_card("other")))
    with pytest.raises(NotFoundError, match=r"^acme/x: there is no such model"):
        item_document(BEFORE, "acme/x")
