"""Grades are evidence on the card, kept one by one, and the ability follows them."""

from dataclasses import replace
from datetime import date

import pytest
from pointsman.application.calibrate_registry import CalibrateRegistry
from pointsman.application.onboard_model import OnboardModel
from pointsman.domain.ability import AbilityItem, AbilityItems, AbilityPrior
from pointsman.domain.errors import RegistryError, UnknownModelError
from pointsman.domain.item_response import Item
from pointsman.domain.model_card import Ability, Evidence, Grading, ModelCard
from pointsman.domain.onboarding import PoolPrompt, StopRule

from tests.fakes import InMemoryRegistryStore, make_card, make_registry

TODAY = date(2026, 11, 27)
PRIOR = AbilityPrior(mean=(0.5, 0.0), sd=(1.0, 0.5))
EXAM = Evidence("exam", "accuracy", 0.95, date(2026, 1, 1), "test")
ITEMS = AbilityItems(
    "sha", {"exam": AbilityItem((1.0, 0.2), 0.0, 0.5)}, dict.fromkeys(("flagship", "main", "mid", "mini"), PRIOR)
)
POOL = [PoolPrompt(f"p{number}", Item((1.0 + number / 10, 0.5), number / 10)) for number in range(12)]


def onboarding(*cards: ModelCard, rule: StopRule | None = None) -> OnboardModel:
    store = InMemoryRegistryStore(make_registry(cards or (make_card("new"), make_card("other"))))
    return OnboardModel(store, ITEMS, rule or StopRule())


def card_of(onboard: OnboardModel, model_id: str = "acme/new") -> ModelCard:
    registry = onboard.store.read()
    assert registry is not None
    card = registry.card(model_id)
    assert card is not None
    return card


def test_a_grade_is_kept_and_the_ability_follows_it() -> None:
    onboard = onboarding()
    assert onboard.grade("acme/new", POOL[3], score_milli=1000, as_of=TODAY) == 2
    card = card_of(onboard)
    assert [answer.prompt_id for answer in card.gradings[0].answers] == ["p3"]
    assert card.gradings[0].answers[0].discrimination_milli == (1300, 500)
    assert card.ability is not None
    assert card.ability.basis == "evidence"
    assert card.ability.mean_milli[0] > 500
    assert card_of(onboard, "acme/other") == make_card("other")


def test_what_was_graded_before_an_interruption_is_still_there() -> None:
    onboard = onboarding()
    for prompt in POOL[:5]:
        onboard.grade("acme/new", prompt, score_milli=500, as_of=TODAY)
    again = OnboardModel(onboard.store, ITEMS)
    left = {prompt.prompt_id for prompt in again.next_prompts("acme/new", POOL, count=99)}
    assert left == {prompt.prompt_id for prompt in POOL[5:]}
    assert again.standing("acme/new", POOL).answers == 5


def test_a_second_grade_of_a_prompt_takes_the_place_of_the_first() -> None:
    onboard = onboarding()
    for score_milli in (0, 800):
        onboard.grade("acme/new", POOL[0], score_milli=score_milli, as_of=TODAY)
    assert [answer.score_milli for answer in card_of(onboard).gradings[0].answers] == [800]


def test_grades_read_by_another_meta_model_stay_and_count_for_nothing() -> None:
    earlier = onboarding()
    earlier.grade("acme/new", POOL[0], score_milli=1000, as_of=TODAY)
    card = card_of(earlier)
    foreign = Grading("older", TODAY, card.gradings[0].answers)
    onboard = onboarding(replace(card, gradings=(foreign,)))
    assert onboard.standing("acme/new", POOL).answers == 0
    onboard.grade("acme/new", POOL[0], score_milli=0, as_of=TODAY)
    assert [grading.meta_model_sha256 for grading in card_of(onboard).gradings] == ["older", "sha"]


def test_the_interval_narrows_until_the_verdict_is_that_it_is_precise_enough() -> None:
    onboard = onboarding(rule=StopRule(width=0.35))
    widths: list[float] = []
    while (standing := onboard.standing("acme/new", POOL)).verdict == "go_on":
        widths.append(standing.quality.high - standing.quality.low)
        prompt = onboard.next_prompts("acme/new", POOL, count=1)[0]
        onboard.grade("acme/new", prompt, score_milli=1000 if len(widths) % 2 else 0, as_of=TODAY)
    assert standing.verdict == "precise_enough"
    assert len(widths) > 1
    assert widths[0] > widths[-1] > 0.35


def test_a_pool_with_every_prompt_graded_is_exhausted() -> None:
    onboard = onboarding(rule=StopRule(width=0.01))
    for prompt in POOL[:2]:
        onboard.grade("acme/new", prompt, score_milli=1000, as_of=TODAY)
    standing = onboard.standing("acme/new", POOL[:2])
    assert (standing.verdict, standing.left) == ("pool_exhausted", 0)


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownModelError, match="MODEL: the registry has no model 'acme/nobody'"):
        onboarding().grade("acme/nobody", POOL[0], score_milli=0, as_of=TODAY)


def test_an_empty_registry_is_named() -> None:
    with pytest.raises(RegistryError, match="registry seed"):
        OnboardModel(InMemoryRegistryStore(), ITEMS).standing("acme/new", POOL)


def test_one_answer_too_many_is_refused_and_the_card_stays_as_it_was() -> None:
    onboard = onboarding()
    onboard.grade("acme/new", POOL[0], score_milli=1000, as_of=TODAY)
    card = card_of(onboard)
    first = card.gradings[0].answers[0]
    full = Grading("sha", TODAY, tuple(replace(first, prompt_id=str(number)) for number in range(500)))
    onboard = onboarding(replace(card, gradings=(full,)))
    kept = card_of(onboard)
    with pytest.raises(RegistryError, match="gradings: hold more than 500"):
        onboard.grade("acme/new", POOL[1], score_milli=1000, as_of=TODAY)
    assert card_of(onboard) == kept


def test_calibrating_says_what_changes_and_writes_only_that() -> None:
    tested, unknown = make_card("tested", evidence=(EXAM,)), make_card("unknown")
    store = InMemoryRegistryStore(make_registry([tested, unknown]))
    registry = store.read()
    assert registry is not None
    calibration = CalibrateRegistry(ITEMS)
    changes = calibration.plan(registry)
    assert [(change.card.name, change.scores, change.after.basis) for change in changes] == [
        ("tested", 1, "evidence"),
        ("unknown", 0, "class_prior"),
    ]
    assert changes[1].after == Ability((500, 0), (1000, 500), "sha", "class_prior")
    assert store.registry is registry
    assert calibration.apply(store, registry) == 2
    assert store.registry is not registry
    assert store.registry is not None
    assert [card.ability for card in store.registry.cards] == [change.after for change in changes]
    assert calibration.apply(store, store.registry) is None
