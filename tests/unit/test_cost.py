"""Which price row holds, and what a call costs by it."""

from datetime import date
from decimal import Decimal

import pytest
from pointsman.domain.cost import cost_of_usage, find_price
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import Endpoint, ModelCard, Price, Speed
from pointsman.domain.reply import Usage

MILLIONS = Usage({"input": 1_000_000, "output": 1_000_000})
LAUNCH = date(2026, 9, 1)
DOUBLING = date(2026, 12, 1)
TODAY = date(2026, 11, 22)


def card_with(*prices: Price) -> ModelCard:
    return ModelCard(
        id="acme/one",
        name="One",
        kind="chat",
        model_class="main",
        endpoints=(Endpoint("acme", "one-1"),),
        released=LAUNCH,
        context_tokens=1_000_000,
        max_output_tokens=64_000,
        tokenizer="o200k",
        input_modalities=frozenset({"text"}),
        output_modalities=frozenset({"text"}),
        features=frozenset(),
        parameters=frozenset(),
        prices=prices,
        speed=Speed(500, 100, "made up"),
    )


def price(
    input_usd: str = "2",
    output_usd: str = "10",
    *,
    valid_from: date = LAUNCH,
    until: date | None = None,
    tier: str = "default",
    above: int = 0,
) -> Price:
    return Price(
        valid_from=valid_from,
        valid_until=until,
        usd_per_mtok={"input": Decimal(input_usd), "output": Decimal(output_usd)},
        usd_per_unit={},
        source="made up",
        service_tier=tier,
        above_input_tokens=above,
    )


def test_a_doubling_holds_from_its_first_day() -> None:
    card = card_with(price(until=DOUBLING), price("4", "20", valid_from=DOUBLING))
    assert find_price(card, on=date(2026, 11, 30)).usd_per_mtok["input"] == 2
    assert find_price(card, on=DOUBLING).usd_per_mtok["input"] == 4


@pytest.mark.parametrize(
    ("input_tokens", "usd"), [(0, "2"), (200_000, "2"), (200_001, "4"), (500_000, "4"), (500_001, "6")]
)
def test_the_highest_threshold_exceeded_prices_the_whole_prompt(input_tokens: int, usd: str) -> None:
    card = card_with(price(), price("4", above=200_000), price("6", above=500_000))
    assert find_price(card, on=TODAY, input_tokens=input_tokens).usd_per_mtok["input"] == Decimal(usd)
    cost = cost_of_usage(card, Usage({"input": input_tokens}), on=TODAY)
    assert cost.total_usd == Decimal(usd) * input_tokens / 1_000_000


def test_cached_tokens_count_for_the_threshold() -> None:
    card = card_with(price(), price("4", above=200_000))
    cost = cost_of_usage(card, Usage({"input": 1, "cache_read": 200_000}), on=TODAY)
    assert cost.price.above_input_tokens == 200_000


def test_a_service_tier_has_its_own_prices() -> None:
    card = card_with(price(), price("1", "5", tier="flex"))
    assert cost_of_usage(card, MILLIONS, on=TODAY, service_tier="flex").total_usd == 6
    with pytest.raises(RegistryError, match="acme/one: prices: none for service tier 'priority' on 2026-11-22"):
        cost_of_usage(card, MILLIONS, on=TODAY, service_tier="priority")


@pytest.mark.parametrize("on", [date(2026, 8, 31), DOUBLING])
def test_a_day_without_a_price_is_an_error_and_never_free(on: date) -> None:
    with pytest.raises(RegistryError, match=on.isoformat()):
        cost_of_usage(card_with(price(until=DOUBLING)), Usage({"input": 1}), on=on)


def test_a_card_without_prices_is_an_error() -> None:
    with pytest.raises(RegistryError, match="acme/one"):
        find_price(card_with(), on=TODAY)


def test_a_class_without_a_price_of_its_own_costs_as_the_class_it_is_a_kind_of() -> None:
    usage = Usage(
        {
            "cache_read": 1_000_000,
            "cache_write": 1_000_000,
            "audio_input": 1_000_000,
            "image_input": 1_000_000,
            "reasoning": 1_000_000,
            "audio_output": 1_000_000,
            "image_output": 1_000_000,
        }
    )
    breakdown = cost_of_usage(card_with(price("2", "10")), usage, on=TODAY).breakdown
    assert [breakdown[kind] for kind in usage.tokens] == [2, 2, 2, 2, 10, 10, 10]


def test_a_class_with_a_price_of_its_own_costs_that() -> None:
    cached = Price(LAUNCH, {"input": Decimal("2"), "cache_read": Decimal("0.1")}, {}, "made up")
    cost = cost_of_usage(card_with(cached), Usage({"input": 500_000, "cache_read": 1_000_000}), on=TODAY)
    assert dict(cost.breakdown) == {"input": Decimal("1"), "cache_read": Decimal("0.1")}
    assert cost.total_usd == Decimal("1.1")


def test_a_class_that_nothing_prices_is_an_error() -> None:
    embedding = Price(LAUNCH, {"input": Decimal("2")}, {}, "made up")
    with pytest.raises(RegistryError, match="the row from 2026-09-01 has none for reasoning"):
        cost_of_usage(card_with(embedding), Usage({"reasoning": 1}), on=TODAY)


def test_units_are_charged_beside_tokens_and_every_call_counts_one_request() -> None:
    search = Price(LAUNCH, {"input": Decimal("3"), "output": Decimal("15")}, {"request": Decimal("0.014")}, "made up")
    cost = cost_of_usage(card_with(search), Usage({"input": 1_000, "output": 1_000}), on=TODAY)
    assert dict(cost.breakdown) == {"input": Decimal("0.003"), "output": Decimal("0.015"), "request": Decimal("0.014")}


@pytest.mark.parametrize(
    ("unit", "usd", "count", "total"),
    [
        ("image_output", "0.04", "3", "0.12"),
        ("second_input", "0.00001111", "90.5", "0.001005455"),
        ("second_output", "0.4", "8", "3.2"),
        ("character_input", "0.000016", "1250", "0.02"),
    ],
)
def test_a_model_sold_by_the_unit_charges_units_and_no_tokens(unit: str, usd: str, count: str, total: str) -> None:
    sold = Price(LAUNCH, {}, {unit: Decimal(usd)}, "made up")  # pyright: ignore[reportArgumentType]
    units = {unit: Decimal(count), "image_input": Decimal(1)}
    cost = cost_of_usage(card_with(sold), Usage({"input": 12}, units=units), on=TODAY)  # pyright: ignore[reportArgumentType]
    assert dict(cost.breakdown) == {unit: Decimal(total)}


def test_a_model_sold_by_the_unit_is_not_free_where_no_unit_was_counted() -> None:
    sold = Price(LAUNCH, {}, {"image_output": Decimal("0.04")}, "made up")
    with pytest.raises(RegistryError, match="sold by image_output"):
        cost_of_usage(card_with(sold), Usage({"input": 12}), on=TODAY)


def test_a_call_without_tokens_costs_nothing() -> None:
    assert cost_of_usage(card_with(price()), Usage(), on=TODAY).total_usd == 0


def test_a_provider_s_own_count_of_what_it_bills_goes_before_what_it_counts() -> None:
    usage = Usage({"input": 500, "output": 9}, billed={"input": 10, "output": 5})
    assert cost_of_usage(card_with(price()), usage, on=TODAY).total_usd == Decimal("0.00007")
