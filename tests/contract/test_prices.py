"""Prices refreshed from a served list into the embedded DynamoDB: taken over, held, confirmed, and never a hole."""

import json
import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from genai_prices.data import providers
from pointsman.adapters.dynamodb.held_prices import DynamoDBHeldPrices
from pointsman.adapters.dynamodb.registry_rows import DynamoDBRegistryRows
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.genai_price_list import GenaiPriceList
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.edit_registry import EditRegistry
from pointsman.application.refresh_prices import Refreshed, RefreshPrices, find_held, taking_over
from pointsman.domain.cost import find_price
from pointsman.domain.errors import NotFoundError, PriceListError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.price_refresh import Proposal, listed_as
from pointsman.domain.registry import Change
from pointsman.domain.reply import TokenClass

from tests.fakes import make_card, make_registry

pytestmark = pytest.mark.system
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
TODAY, TOMORROW = NOW.date(), NOW.date() + timedelta(1)
Prices = dict[str, Any]


@dataclass(slots=True)
class ServedList:
    """A list as genai-prices publishes it: providers with models, each with its prices or an error's status."""

    models: dict[str, Prices] = field(default_factory=dict[str, Prices])
    variants: list[Prices] = field(default_factory=list[Prices])
    status: int = 200
    url: str = ""
    is_broken: bool = False

    def content(self) -> bytes:
        if self.is_broken:
            return b'{"providers": 3}'
        models = [
            {"id": name, "match": {"equals": name}, "prices": prices, "price_variants": self.variants}
            for name, prices in self.models.items()
        ]
        provider = {"id": "acme", "name": "Acme", "api_pattern": "https://acme", "models": models}
        return json.dumps([provider]).encode() if self.status == 200 else b"no"


@pytest.fixture
def served() -> Generator[ServedList]:
    listed = ServedList()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(listed.status)
            self.end_headers()
            self.wfile.write(listed.content())

        def log_message(self, format: str, *args: Any) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        listed.url = f"http://127.0.0.1:{server.server_port}/data.json"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield listed
        server.shutdown()


@dataclass
class Shop:
    """The refresh of prices on one table, at a day of the test's own."""

    client: Any
    table: str
    url: str
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.versions = DynamoDBRegistryVersions(self.client, self.table)
        self.held = DynamoDBHeldPrices(self.client, self.table)
        self.editor = EditRegistry(self.versions, lambda card: card, lambda: self.now)
        cards = [
            make_card("one", usd="1", sources=("genai-prices 0.2.3 as acme/uno",)),
            make_card("two", usd="1", sources=("genai-prices 0.2.3 as acme/due",)),
            make_card("own", usd="1"),
        ]
        self.versions.commit(replace(make_registry(cards), version=0), Change("me", NOW, "seed"))

    def refresh(self) -> Refreshed:
        return RefreshPrices(GenaiPriceList(self.url), self.editor, self.held, lambda: self.now).refresh()

    def usd(self, model: str, on: date = TOMORROW) -> Mapping[TokenClass, Decimal]:
        return find_price(self.card(model), on=on).usd_per_mtok

    def card(self, model: str) -> ModelCard:
        card = self.editor.newest().card(model)
        assert card is not None
        return card


@pytest.fixture
def shop(client: Any, table: str, served: ServedList) -> Shop:
    return Shop(client, table, served.url)


def test_a_change_is_a_version_by_prices_with_its_reason_in_the_registry(shop: Shop, served: ServedList) -> None:
    served.models = {"uno": {"input_mtok": 1.2, "output_mtok": 10}, "due": {"input_mtok": 1, "output_mtok": 10}}
    refreshed = shop.refresh()
    assert (refreshed.known, refreshed.changed, refreshed.held, refreshed.version) == (2, ("acme/one",), (), 2)
    assert shop.usd("acme/one") == {"input": Decimal("1.2"), "output": 10}
    assert shop.usd("acme/one", TODAY)["input"] == 1
    change = shop.versions.history(1)[0].change
    assert change.author == "prices"
    assert change.reason == "genai-prices, read on 2026-11-27: acme/one"
    # Nobody takes it for an edit by hand, and nothing more changes when the list is read again.
    assert DynamoDBRegistryRows(shop.client, shop.table).hand_edits().edits == ()
    assert shop.refresh().version == 2


def test_models_that_the_list_or_we_do_not_know_stay_in_the_registry(shop: Shop, served: ServedList) -> None:
    served.models = {"uno": {"input_mtok": 1, "output_mtok": 10}, "tre": {"input_mtok": 5}, "own": {"input_mtok": 5}}
    assert shop.refresh() == Refreshed(1, (), (), 1)


def test_a_jump_is_held_until_somebody_confirms_it_in_the_registry(shop: Shop, served: ServedList) -> None:
    served.models = {"uno": {"input_mtok": 0.1, "output_mtok": 10}, "due": {"input_mtok": 1.1, "output_mtok": 10}}
    refreshed = shop.refresh()
    assert (refreshed.changed, refreshed.held) == (("acme/two",), ("acme/one",))
    assert shop.usd("acme/one")["input"] == 1
    shop.now += timedelta(1)
    shop.refresh()
    (held,) = shop.held.all()
    assert held == Proposal("acme/one", held.quote, Decimal("0.9"), "genai-prices, read on 2026-11-28", TODAY)
    edit = taking_over([find_held(shop.held, "acme/one")], today=shop.now.date())
    shop.editor.apply(edit, author="ann", reason="they told us")
    assert shop.usd("acme/one", TOMORROW + timedelta(1))["input"] == Decimal("0.1")
    # It is a price now, and so nothing that waits.
    shop.refresh()
    assert shop.held.all() == []


def test_a_jump_that_is_taken_back_waits_no_longer_in_the_registry(shop: Shop, served: ServedList) -> None:
    served.models = {"uno": {"input_mtok": 9, "output_mtok": 10}}
    assert shop.refresh().held == ("acme/one",)
    served.models = {"uno": {"input_mtok": 1, "output_mtok": 10}}
    assert shop.refresh().held == ()
    with pytest.raises(NotFoundError, match="acme/one"):
        find_held(shop.held, "acme/one")


def test_long_prompts_and_service_tiers_have_prices_of_their_own_in_the_registry(
    shop: Shop, served: ServedList
) -> None:
    row = shop.card("acme/one").prices[0]
    rows = (row, replace(row, above_input_tokens=200_000), replace(row, service_tier="flex"))
    shop.editor.apply(
        lambda registry: replace(
            registry, cards=tuple(replace(c, prices=rows) if c.id == "acme/one" else c for c in registry.cards)
        ),
        author="me",
        reason="rows",
    )
    tiers = {"base": 1.1, "tiers": [{"start": 200_000, "price": 1.3}]}
    served.models = {"uno": {"input_mtok": tiers, "output_mtok": 10}}
    served.variants = [{"when": {"service_tier": "flex"}, "prices": {"input_mtok": 0.8}}]
    assert shop.refresh().changed == ("acme/one",)
    card = shop.card("acme/one")
    found = [
        find_price(card, on=TOMORROW, service_tier=tier, input_tokens=tokens).usd_per_mtok["input"]
        for tier, tokens in (("default", 0), ("default", 300_000), ("flex", 0))
    ]
    assert found == [Decimal("1.1"), Decimal("1.3"), Decimal("0.8")]


@pytest.mark.parametrize("fault", ["status", "nobody known", "not a list"])
def test_a_list_that_cannot_be_used_changes_nothing_and_is_told_in_the_registry(
    shop: Shop, served: ServedList, fault: str
) -> None:
    served.models = {"quattro": {"input_mtok": 1}}
    served.status = 503 if fault == "status" else 200
    served.is_broken = fault == "not a list"
    with pytest.raises(PriceListError):
        shop.refresh()
    assert shop.editor.newest().version == 1


def test_the_list_that_the_package_brings_knows_most_of_the_seed() -> None:
    """No network: what the address serves is published with the package too."""
    names = {f"{provider.id}/{model.id}" for provider in providers for model in provider.models}
    listed = [name for card in read_seed_registry().cards if (name := listed_as(card))]
    assert len(listed) > 40
    assert sum(name in names for name in listed) >= 0.9 * len(listed)
