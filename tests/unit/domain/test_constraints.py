"""Each constraint eliminates for its own reason, and names the field of the request it comes from."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pointsman.domain.budget import Budget
from pointsman.domain.constraints import standing_steps
from pointsman.domain.decision import decide
from pointsman.domain.eligibility import passing_steps
from pointsman.domain.errors import NoCandidateError
from pointsman.domain.latency import LiveFigures
from pointsman.domain.limits import predicted_steps
from pointsman.domain.lineup import line_up
from pointsman.domain.model_card import DataPolicy, Endpoint, ModelCard
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.terms import terms_of

from tests.fakes import TODAY, make_card, make_features, make_situation


@dataclass(frozen=True)
class Case:
    """What must be changed of a card that may serve, or of what is asked, for `step` to say `reason`."""

    step: str
    field: str | None
    reason: str
    card: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    wishes: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    features: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    around: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return f"{self.step}: {self.reason}"

    def cards(self) -> list[ModelCard]:
        return [make_card("odd", **self.card)]


BREAKER_OPEN = {"acme/odd@acme": LiveFigures(is_open=True)}
CASES = [
    Case("enabled", None, "disabled by the operator", {"enabled": False}),
    Case("enabled", None, "weight 0", {"weight_milli": 0}),
    Case("enabled", None, "retired on 2026-11-22", {"retires_on": TODAY}),
    Case("enabled", None, "not released before 2026-11-23", {"released": date(2026, 11, 23)}),
    Case("account", None, "no key for provider acme", around={"accounts": frozenset({"globex"})}),
    Case("key", None, "not allowed for this key", around={"caller": Caller("me", ("globex/*",))}),
    Case("allow_list", "plugins.allowed_models", "not in allowed_models", wishes={"allowed_models": ()}),
    Case("allow_list", "provider.only", "not in provider.only", wishes={"only_providers": ("globex",)}),
    Case("allow_list", "model", "not the model asked for", wishes={"models": ("acme/even",)}),
    Case("allow_list", "model", "in excluded_models", wishes={"excluded_models": ("acme/*",)}),
    Case("allow_list", "model", "in provider.ignore", wishes={"ignored_providers": ("acme",)}),
    Case("input_modality", "messages", "does not take image", features={"input_modalities": frozenset({"image"})}),
    Case("output_modality", "modalities", "does not give audio", features={"output_modalities": frozenset({"audio"})}),
    Case("output_modality", "modalities", "is a image model", {"kind": "image"}),
    Case(
        "tools", "tools", "lacks tools", {"features": frozenset()}, features={"required_features": frozenset({"tools"})}
    ),
    Case(
        "response_format",
        "response_format",
        "lacks json_schema",
        features={"required_features": frozenset({"json_schema"})},
    ),
    Case("parameter", "n", "does not take n", features={"required_parameters": frozenset({"n"})}),
    Case(
        "parameters",
        "provider.require_parameters",
        "lacks seed",
        wishes={"require_parameters": True},
        features={"requested_parameters": frozenset({"seed", "temperature"})},
    ),
    Case(
        "reasoning_effort",
        "reasoning.effort",
        "takes no effort max",
        {"reasoning_efforts": ("low", "high")},
        {"reasoning_effort": "max"},
    ),
    Case("context_window", "messages", "holds 109 tokens, about 110 needed", {"context_tokens": 109}),
    Case("context_window", "messages", "writes at most 10000", features={"max_output_tokens": 10_001}),
    Case("data_policy", "provider", "zero data retention", wishes={"zero_retention": True}),
    Case(
        "data_policy",
        "provider",
        "not to train",
        {"data_policy": DataPolicy(trains_on_data=True)},
        {"no_training": True},
    ),
    Case("health", None, "breaker open", around={"live": BREAKER_OPEN}),
    Case("service_tier", "service_tier", "no price for service tier flex", wishes={"service_tier": "flex"}),
    Case("price_per_token", "provider.max_price", "input costs 1", wishes={"max_usd_per_mtok_input": Decimal("0.9")}),
    Case("price_per_token", "provider.max_price", "output costs 10", wishes={"max_usd_per_mtok_output": Decimal(9)}),
    Case("price_per_request", "routing.max_cost_usd", "may cost", wishes={"max_cost_usd": Decimal(0)}),
    Case("budget", None, "0 of the key's budget left", around={"budget": Budget(Decimal(5), Decimal(5), 500)}),
    Case("latency", "routing.max_latency_ms", "may take", wishes={"max_latency_ms": 1}),
    Case("quality_floor", "routing.min_quality", "floor 0.999", wishes={"min_quality_milli": 999}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_constraint_eliminates_for_its_own_reason(case: Case) -> None:
    situation = make_situation(
        case.cards(), Preferences(**case.wishes), features=make_features(**case.features), **case.around
    )
    with pytest.raises(NoCandidateError) as raised:
        decide(situation)
    assert (raised.value.step, raised.value.field, raised.value.before) == (case.step, case.field, 1)
    ((eliminated, reason),) = raised.value.funnel[-1].reasons
    assert eliminated == "acme/odd@acme"
    assert case.reason in reason
    assert reason in raised.value.message


def test_every_constraint_has_a_case() -> None:
    features = make_features(required_parameters=frozenset({"n"}))
    situation = make_situation([make_card("one")], features=features)
    terms = terms_of(situation, line_up(situation))
    steps = [*standing_steps(terms), *passing_steps(situation), *predicted_steps(situation)]
    assert {step.name for step in steps} == {case.step for case in CASES}


def test_only_the_unfit_are_eliminated() -> None:
    cards = [make_card("blind"), make_card("seeing", input_modalities=frozenset({"text", "image"}))]
    features = make_features(input_modalities=frozenset({"text", "image"}))
    decision = decide(make_situation(cards, features=features))
    (step,) = [step for step in decision.funnel if step.before != step.after]
    assert (step.step, step.reasons) == ("input_modality", (("acme/blind@acme", "does not take image"),))
    assert [prediction.candidate.id for prediction in decision.order] == ["acme/seeing"]


def test_one_endpoint_of_a_model_may_be_out_and_another_serve() -> None:
    card = make_card("one", endpoints=(Endpoint("acme", "one"), Endpoint("globex", "one")))
    decision = decide(make_situation([card], live={"acme/one@acme": LiveFigures(is_open=True)}))
    assert [prediction.candidate.key for prediction in decision.order] == ["acme/one@globex"]
