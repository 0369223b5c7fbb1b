"""What a body says of the choice, row by row of the tables."""

import json
from decimal import Decimal
from typing import Any

import pytest
from pointsman.domain.preferences import Preferences
from pointsman.entrypoints.wire.chat.request import decode_chat_preferences, parse_chat_body


def prefer(model: str = "auto", **more: Any) -> Preferences:
    body = {"model": model, "messages": [{"role": "user", "content": "x"}], **more}
    return decode_chat_preferences(parse_chat_body(json.dumps(body).encode()))


@pytest.mark.parametrize("model", ["auto", "pointsman/auto", "openrouter/auto"])
def test_each_name_of_the_router_means_any_model(model: str) -> None:
    wanted = prefer(model)
    assert (wanted.is_auto, wanted.models, wanted.objective, wanted.requested_model) == (True, (), None, model)


@pytest.mark.parametrize(("suffix", "objective"), [("floor", "cost"), ("nitro", "latency")])
def test_a_suffix_is_an_objective(suffix: str, objective: str) -> None:
    assert prefer(f"auto:{suffix}").objective == objective
    named = prefer(f"acme/one:{suffix}")
    assert (named.models, named.is_auto, named.objective) == (("acme/one",), False, objective)


def test_a_suffix_that_is_none_of_ours_is_part_of_the_name() -> None:
    assert prefer("acme/one:free").models == ("acme/one:free",)


@pytest.mark.parametrize(
    ("sort", "objective"), [("price", "cost"), ("throughput", "latency"), ("latency", "latency"), (None, None)]
)
def test_a_sort_is_an_objective(sort: str | None, objective: str | None) -> None:
    assert prefer(provider={"sort": sort}).objective == objective
    if sort:
        assert prefer(provider={"sort": {"by": sort}}).objective == objective


@pytest.mark.parametrize(("tier", "usd"), [("low", "0.005"), ("medium", "0.05"), ("high", "0.5")])
def test_a_cost_tier_is_a_willingness_to_pay(tier: str, usd: str) -> None:
    assert prefer(plugins=[{"id": "auto-router", "cost_tier": tier}]).willingness_to_pay_usd == Decimal(usd)


def test_a_tradeoff_falls_from_a_dollar_to_a_hundredth_of_a_cent() -> None:
    steps = [
        prefer(plugins=[{"id": "auto-router", "cost_quality_tradeoff": step}]).willingness_to_pay_usd
        for step in range(11)
    ]
    paid = [usd for usd in steps if usd is not None]
    assert len(paid) == 11
    assert (paid[0], paid[5], paid[10]) == (Decimal(1), Decimal("0.01"), Decimal("0.0001"))
    assert paid == sorted(paid, reverse=True)


def test_our_own_key_goes_before_openrouters_words() -> None:
    wanted = prefer(
        "auto:floor",
        routing={"objective": "quality", "willingness_to_pay_usd": "0.2"},
        provider={"sort": "latency"},
        plugins=[{"id": "auto-router", "cost_tier": "low"}],
    )
    assert (wanted.objective, wanted.willingness_to_pay_usd) == ("quality", Decimal("0.2"))


def test_limits_come_from_our_key() -> None:
    limits = prefer(routing={"min_quality": 0.755, "max_cost_usd": "0.01", "max_latency_ms": 900})
    assert (limits.min_quality_milli, limits.max_cost_usd, limits.max_latency_ms) == (755, Decimal("0.01"), 900)


def test_providers_are_named_ordered_and_barred() -> None:
    wanted = prefer(
        provider={
            "order": ["Acme"],
            "only": ["Acme", "Globex"],
            "ignore": ["Initech"],
            "allow_fallbacks": False,
            "require_parameters": True,
            "data_collection": "deny",
            "zdr": True,
            "max_price": {"prompt": "1.5", "completion": 6},
        }
    )
    assert (wanted.provider_order, wanted.only_providers) == (("acme",), ("acme", "globex"))
    assert wanted.ignored_providers == ("initech",)
    assert (wanted.allow_fallbacks, wanted.require_parameters) == (False, True)
    assert (wanted.no_training, wanted.zero_retention) == (True, True)
    assert (wanted.max_usd_per_mtok_input, wanted.max_usd_per_mtok_output) == (Decimal("1.5"), Decimal(6))


def test_the_models_named_are_the_only_ones_each_once() -> None:
    assert prefer("acme/one", models=["acme/two", "acme/one"]).models == ("acme/one", "acme/two")
    listed = prefer("auto", models=["acme/two"])
    assert (listed.models, listed.is_auto) == (("acme/two",), True)


def test_an_empty_allow_list_allows_nothing_and_none_allows_all() -> None:
    assert prefer(plugins=[{"id": "auto-router", "allowed_models": []}]).allowed_models == ()
    assert prefer(plugins=[{"id": "auto-router"}]).allowed_models is None


def test_a_plugin_that_is_switched_off_says_nothing() -> None:
    assert prefer(plugins=[{"id": "auto-router", "enabled": False, "allowed_models": []}]).allowed_models is None


def test_what_is_not_known_is_told() -> None:
    warnings = prefer(plugins=[{"id": "web"}], provider={"quantizations": ["fp8"]}, transforms=[]).warnings
    assert [warning.split(":")[0] for warning in warnings] == ["transforms", "plugins", "provider.quantizations"]


@pytest.mark.parametrize(
    ("body", "effort"),
    [
        ({"reasoning_effort": "low"}, "low"),
        ({"reasoning": {"effort": "high"}}, "high"),
        ({"reasoning": {"max_tokens": 10}}, None),
    ],
)
def test_reasoning_effort_is_taken_in_either_form(body: dict[str, Any], effort: str | None) -> None:
    assert prefer(**body).reasoning_effort == effort
