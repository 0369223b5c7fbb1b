"""A model of which too little is known does not serve, however able it may be, until graded answers make it known."""

from dataclasses import replace
from typing import get_args

from pointsman.application.onboard_model import OnboardModel
from pointsman.domain.ability import AbilityItems, AbilityPrior
from pointsman.domain.decision import Decision, decide
from pointsman.domain.item_response import Item
from pointsman.domain.model_card import Ability, ModelClass
from pointsman.domain.onboarding import PoolPrompt
from pointsman.domain.preferences import Preferences
from pointsman.domain.registry import Registry

from tests.fakes import SHA, TODAY, InMemoryRegistryStore, make_card, make_registry, make_situation

UNKNOWN = Ability((2500,), (3000,), SHA, "class_prior")
ITEMS = AbilityItems(SHA, {}, dict.fromkeys(get_args(ModelClass), AbilityPrior((2.5,), (3.0,))))


def decide_with(registry: Registry | None) -> Decision:
    assert registry is not None
    return decide(make_situation(registry.cards, Preferences(objective="quality"), registry=registry))


def test_graded_answers_let_an_unknown_model_serve() -> None:
    proven, new = make_card("proven", ability=1000, sd=100), replace(make_card("new"), ability=UNKNOWN)
    store = InMemoryRegistryStore(make_registry([proven, new]))
    before = decide_with(store.read())
    assert (before.chosen.candidate.id, before.reason) == ("acme/proven", "objective")
    assert [prediction.candidate.id for prediction in before.order] == ["acme/proven", "acme/new"]
    onboard = OnboardModel(store, ITEMS)
    for number in range(30):
        prompt = PoolPrompt(f"p{number}", Item((1.0,), number / 10))
        onboard.grade("acme/new", prompt, score_milli=1000, as_of=TODAY)
    after = decide_with(store.read())
    assert (after.chosen.candidate.id, after.confidence) == ("acme/new", "high")


def test_where_all_are_unknown_the_safe_default_serves_though_another_seems_abler() -> None:
    cards = [replace(make_card("safe"), ability=Ability((0,), (3000,), SHA, "class_prior"))]
    cards.append(replace(make_card("abler"), ability=UNKNOWN))
    decision = decide_with(make_registry(cards, safe_default="acme/safe"))
    assert (decision.chosen.candidate.id, decision.reason) == ("acme/safe", "safe_default_uncertain")
    assert decision.confidence == "low"
