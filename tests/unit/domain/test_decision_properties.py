"""What must hold of every decision, whatever the registry and the request."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.candidate import Situation
from pointsman.domain.decision import Decision, decide
from pointsman.domain.errors import NoCandidateError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.preferences import Preferences
from pointsman.domain.registry import Objective

from tests.fakes import make_card, make_situation

OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
PRICES = ("0.1", "0.5", "1", "2", "7", "30")
objectives = st.sampled_from(OBJECTIVES)


@st.composite
def registries(draw: st.DrawFn) -> list[ModelCard]:
    return [
        make_card(
            f"m{number}",
            ability=draw(st.integers(-3000, 4000)),
            sd=draw(st.sampled_from([50, 300, 3000])),
            usd=draw(st.sampled_from(PRICES)),
            provider=draw(st.sampled_from(["acme", "globex"])),
            features=frozenset(draw(st.sets(st.sampled_from(["tools", "json_schema"])))),
            enabled=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


def try_to_decide(situation: Situation) -> Decision | None:
    try:
        return decide(situation)
    except NoCandidateError:
        return None


def situate(cards: list[ModelCard], objective: Objective, **wishes: object) -> Situation:
    return make_situation(cards, Preferences(objective=objective, **wishes))  # pyright: ignore[reportArgumentType]


@settings(max_examples=60)
@given(registries(), objectives)
def test_an_ineligible_model_never_wins(cards: list[ModelCard], objective: Objective) -> None:
    situation = situate(cards, objective)
    situation = replace(situation, features=replace(situation.features, required_features=frozenset({"tools"})))
    decision = try_to_decide(situation)
    for prediction in decision.order if decision else ():
        assert prediction.candidate.card.enabled
        assert "tools" in prediction.candidate.card.features


@settings(max_examples=60)
@given(registries(), st.integers(0, 5), st.sampled_from(PRICES[3:]))
def test_raising_a_price_never_makes_a_model_likelier_under_cost(cards: list[ModelCard], place: int, usd: str) -> None:
    place %= len(cards)
    before = try_to_decide(situate(cards, "cost"))
    old = cards[place].prices[0]
    dearer = make_card("x", usd=usd).prices[0]
    if dearer.usd_per_mtok["input"] <= old.usd_per_mtok["input"]:
        return
    changed = [replace(card, prices=(dearer,)) if n == place else card for n, card in enumerate(cards)]
    after = try_to_decide(situate(changed, "cost"))
    if before and after and before.chosen.candidate.id != cards[place].id:
        assert after.chosen.candidate.id != cards[place].id


@settings(max_examples=80)
@given(registries(), objectives, st.integers(1, 999), st.integers(1, 999))
def test_raising_the_floor_never_lowers_predicted_quality(
    cards: list[ModelCard], objective: Objective, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    before = try_to_decide(situate(cards, objective, min_quality_milli=low))
    after = try_to_decide(situate(cards, objective, min_quality_milli=high))
    if before and after:
        assert after.chosen.quality.mean_milli >= before.chosen.quality.mean_milli
        assert after.chosen.quality.mean_milli >= high


@settings(max_examples=60)
@given(registries(), objectives)
def test_funnel_counts_only_fall_and_chain(cards: list[ModelCard], objective: Objective) -> None:
    decision = try_to_decide(situate(cards, objective))
    if decision is None:
        return
    steps = decision.funnel
    assert steps[0].before == len(cards)
    assert all(step.after <= step.before for step in steps)
    assert all(step.before - step.after == len(step.reasons) for step in steps)
    assert all(one.after == following.before for one, following in pairwise(steps))
    keys = [prediction.candidate.key for prediction in decision.order]
    assert len(keys) == len(set(keys)) == steps[-1].after


@settings(max_examples=60)
@given(registries(), objectives, st.randoms(use_true_random=False))
def test_the_order_of_the_registry_does_not_matter(
    cards: list[ModelCard], objective: Objective, chance: object
) -> None:
    policy = {"safe_default": cards[0].id, "reference_model": cards[0].id}
    shuffled = sorted(cards, key=lambda card: chance.random())  # pyright: ignore
    one = try_to_decide(make_situation(cards, Preferences(objective=objective), policy=policy))
    other = try_to_decide(make_situation(shuffled, Preferences(objective=objective), policy=policy))
    assert (one and one.order) == (other and other.order)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_safe_default_serves_what_is_unlike_all_training(objective: Objective) -> None:
    cards = [make_card("good", ability=3000), make_card("safe", ability=0, usd="9")]
    situation = make_situation(cards, Preferences(objective=objective), policy={"safe_default": "acme/safe"})
    reading = replace(situation.features.reading, ood_milli=1000)
    decision = decide(replace(situation, features=replace(situation.features, reading=reading)))
    assert decision.chosen.candidate.id == "acme/safe"
    assert (decision.reason, decision.confidence) == ("safe_default_out_of_distribution", "low")


def test_the_safe_default_serves_where_nobody_is_certain() -> None:
    cards = [make_card("vague", sd=4000, usd="0.1"), make_card("safe", sd=4000, usd="9")]
    decision = decide(make_situation(cards, policy={"safe_default": "acme/safe"}))
    assert (decision.chosen.candidate.id, decision.reason) == ("acme/safe", "safe_default_uncertain")


def test_the_callers_own_order_is_the_choice() -> None:
    cards = [make_card("good", ability=3000), make_card("bad", ability=-3000, usd="50")]
    wish = Preferences(models=("acme/bad", "acme/good"), is_auto=False)
    assert [p.candidate.id for p in decide(make_situation(cards, wish)).order] == ["acme/bad", "acme/good"]


@pytest.mark.parametrize(
    ("objective", "chosen"),
    [("cost", "acme/cheap"), ("quality", "acme/best"), ("latency", "acme/fast"), ("balanced", "acme/cheap")],
)
def test_each_objective_chooses_its_own_best(objective: Objective, chosen: str) -> None:
    speed = make_card("x").speed
    cards = [
        make_card("cheap", ability=3500, usd="0.1"),
        make_card("best", ability=3900, usd="20"),
        make_card("fast", ability=3500, usd="5", speed=replace(speed, ttft_ms=10, tokens_per_s=2000)),
    ]
    assert decide(make_situation(cards, Preferences(objective=objective))).chosen.candidate.id == chosen
