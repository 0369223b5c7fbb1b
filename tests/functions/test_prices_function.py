"""The prices function on its event: it counts a refresh that succeeded, and lets Lambda see one that did not."""

import json
import logging
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pointsman.application.edit_registry import EditRegistry
from pointsman.application.refresh_prices import Refreshed, RefreshPrices
from pointsman.domain.errors import PriceListError
from pointsman.domain.price_refresh import PriceList, Quote
from pointsman.domain.registry import Change
from pointsman.entrypoints.lambda_prices import handle_with

from tests.fakes import make_card, make_registry
from tests.registry_fakes import InMemoryHeldPrices, InMemoryRegistryVersions

EVENT: Any = json.loads((Path(__file__).parents[2] / "events" / "prices_daily.json").read_text())
NOW = datetime(2026, 11, 27, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FixedList:
    name: str
    quote: Quote

    def read(self, on: date) -> PriceList:
        return PriceList("a list", {self.name: self.quote})


def _run(name: str, usd: str) -> tuple[InMemoryRegistryVersions, list[Refreshed]]:
    versions, counted = InMemoryRegistryVersions(), list[Refreshed]()
    card = make_card("one", usd="1", sources=("genai-prices 0.2.3 as acme/uno",))
    versions.commit(replace(make_registry([card]), version=0), Change("me", NOW, "seed"))
    source = FixedList(name, {("default", 0): {"input": Decimal(usd)}})
    editor = EditRegistry(versions, lambda card: card, lambda: NOW)
    prices = RefreshPrices(source, editor, InMemoryHeldPrices(), lambda: NOW)
    handle_with(prices, counted.append)(EVENT, None)
    return versions, counted


def test_a_refresh_makes_a_version_and_is_counted() -> None:
    versions, counted = _run("acme/uno", "1.1")
    assert counted == [Refreshed(1, ("acme/one",), (), 2)]
    assert versions.history(1)[0].change.author == "prices"


def test_a_held_price_is_told_with_the_command_that_confirms_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        versions, (counted,) = _run("acme/uno", "3")
    assert (counted.held, len(versions.versions)) == (("acme/one",), 1)
    assert "pointsman prices confirm acme/one" in caplog.text


def test_a_list_of_strangers_is_a_failure_and_no_refresh() -> None:
    with pytest.raises(PriceListError):
        _run("acme/tre", "1.1")
