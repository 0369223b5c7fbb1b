"""`pointsman prices`: what was held back is seen, and is a price once somebody says so."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pointsman.domain.price_refresh import Proposal

from tests.unit.entrypoints.test_cli_registry import NOW, Console, console

__all__ = ["console"]
HELD = Proposal(
    "acme/one", {("default", 0): {"input": Decimal("2.5")}}, Decimal("1.5"), "a list of 2026-11-21", date(2026, 11, 21)
)


@pytest.fixture
def waiting(console: Console, tmp_path: Path) -> Console:
    console.held.hold(HELD)
    return console


def test_what_is_held_is_listed_with_its_prices_and_its_change(waiting: Console) -> None:
    (held,) = waiting.json("prices", "held")["held"]
    assert (held["model"], held["change"], held["seen"]) == ("acme/one", "1.5000", "2026-11-21")
    assert held["quote"] == [{"service_tier": "default", "above_input_tokens": 0, "usd_per_mtok": {"input": "2.5"}}]
    assert "150%" in waiting.run("prices", "held").output


def test_a_price_is_shown_first_and_confirmed_where_wished(waiting: Console) -> None:
    assert "A dry run" in waiting.run("prices", "confirm", "acme/one").output
    assert (len(waiting.versions.versions), waiting.held.all()) == (1, [HELD])
    waiting.run("prices", "confirm", "acme/one", "--apply")
    registry = waiting.versions.read()
    assert registry is not None
    card = registry.card("acme/one")
    assert card is not None
    assert [row.usd_per_mtok["input"] for row in card.prices] == [1, Decimal("2.5")]
    assert card.prices[0].valid_until == card.prices[1].valid_from
    change = waiting.versions.history(1)[0].change
    assert (change.author, change.at) == ("ann", NOW)
    assert "a list of 2026-11-21" in change.reason
    assert waiting.held.all() == []


def test_what_is_not_held_cannot_be_confirmed(waiting: Console) -> None:
    assert "No price of 'acme/two' is held." in waiting.run("prices", "confirm", "acme/two", expect=1).output
