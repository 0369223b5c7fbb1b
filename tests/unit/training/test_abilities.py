"""Benchmarks as items and class priors, on made-up boards whose truth is known."""

from dataclasses import replace
from datetime import date
from math import exp

import numpy as np
import pytest
from pointsman.domain.ability import AbilityItem, AbilityPrior
from pointsman.domain.model_card import Evidence, ModelCard, ModelClass

from tests.fakes import make_card
from training.abilities.ability_numbers import Scale
from training.abilities.anchors import build_anchors
from training.abilities.board_items import Anchor, fit_board_items
from training.abilities.class_priors import fit_class_priors
from training.abilities.outcome_items import OutcomeItems
from training.data.boards import BoardScore
from training.evaluation.board_check import best_scores, check_boards

DIRECTIONS = {"all": np.array([2.0, 0.5]), "math": np.array([1.5, 1.5])}
# Scale and difficulty of four benchmarks; the last is of another scale than its direction says.
BOARDS = {"one": (1.0, 0.5), "two": (1.0, -0.5), "math three": (1.0, 0.0), "four": (2.0, 1.0)}
WIDE = AbilityPrior((0.0, 0.0), (1.0, 0.3))


@pytest.fixture(scope="module")
def abilities() -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    return {f"m{number}": random.normal(0.3, [0.5, 0.3]) for number in range(60)}


@pytest.fixture(scope="module")
def scores(abilities: dict[str, np.ndarray]) -> list[BoardScore]:
    random = np.random.default_rng(4)
    return [
        BoardScore(board, "accuracy", model, 1 / (1 + exp(-logit)))
        for model, ability in abilities.items()
        for board, (scale, difficulty) in BOARDS.items()
        for logit in [scale * float(_direction(board) @ ability) - difficulty + random.normal(0, 0.1)]
    ]


def _direction(board: str) -> np.ndarray:
    return DIRECTIONS["math" if "math" in board else "all"]


def _anchors(abilities: dict[str, np.ndarray]) -> dict[str, Anchor]:
    return {name: Anchor(abilities[name], np.array([0.1, 0.1])) for name in list(abilities)[:15]}


def test_items_come_out_as_the_scores_were_made(abilities: dict[str, np.ndarray], scores: list[BoardScore]) -> None:
    fitted = fit_board_items(scores, _anchors(abilities), DIRECTIONS)
    for board, (scale, difficulty) in BOARDS.items():
        item = fitted.items[board]
        assert item.discrimination == pytest.approx(scale * _direction(board), rel=0.15)
        assert item.difficulty == pytest.approx(difficulty, abs=0.15)
        assert item.noise_sd < 0.3


def test_models_without_outcomes_find_their_place_too(
    abilities: dict[str, np.ndarray], scores: list[BoardScore]
) -> None:
    fitted = fit_board_items(scores, _anchors(abilities), DIRECTIONS)
    free = list(abilities)[15:]
    errors = [DIRECTIONS["all"] @ (fitted.abilities[name] - abilities[name]) for name in free]
    assert np.abs(errors).mean() < 0.2


def test_a_board_with_few_models_is_no_item(abilities: dict[str, np.ndarray], scores: list[BoardScore]) -> None:
    rare = [BoardScore("rare", "accuracy", f"m{number}", 0.5) for number in range(5)]
    assert "rare" not in fit_board_items([*scores, *rare], _anchors(abilities), DIRECTIONS).items


def test_hidden_scores_are_foretold_better_than_by_the_mean_of_the_others(
    abilities: dict[str, np.ndarray], scores: list[BoardScore]
) -> None:
    report = check_boards(Scale(_anchors(abilities), DIRECTIONS), scores, seed=1)["all"]
    # A model all of whose scores hide at once has none to be foretold from.
    assert len(scores) >= report["scores"] > 0.9 * len(scores)
    assert report["ours_mean_error_sd"] < report["mean_of_others_mean_error_sd"]
    assert 0.8 < report["interval_coverage_90"] <= 1


def test_a_score_without_meaning_is_not_foretold(abilities: dict[str, np.ndarray]) -> None:
    """Where scores are noise, the check must say so: an error near a board's own deviation."""
    random = np.random.default_rng(9)
    noise = [BoardScore(b, "accuracy", m, float(random.uniform(0.2, 0.8))) for m in abilities for b in BOARDS]
    report = check_boards(Scale(_anchors(abilities), DIRECTIONS), noise, seed=1)["all"]
    assert report["ours_mean_error_sd"] > 0.6


def test_the_best_setting_of_a_model_counts() -> None:
    low, high = (BoardScore("one", "accuracy", "m", score) for score in (0.4, 0.6))
    assert best_scores([high, low]) == best_scores([low, high]) == [high]


def test_anchors_lie_where_the_answers_put_them() -> None:
    random = np.random.default_rng(1)
    a, b = random.uniform(0.5, 2, (400, 2)), random.normal(0, 1, 400)
    truths = np.array([[0.8, -0.2], [-0.5, 0.4]])
    model, prompt = np.repeat([0, 1], 400), np.tile(np.arange(400), 2)
    chances = 1 / (1 + np.exp(b[prompt] - (a[prompt] * truths[model]).sum(axis=1)))
    score = (random.random(800) < chances).astype(float)
    items = OutcomeItems(a, b, np.array(["f"] * 400), ["acme/alpha", "acme/beta"], prompt, model, score)
    anchors = build_anchors(items)
    assert set(anchors) == {"alpha", "beta"}
    for row, name in enumerate(("alpha", "beta")):
        assert a @ anchors[name].mean == pytest.approx(a @ truths[row], abs=0.6)
        assert (anchors[name].sd > 0.05).all()
    few = replace(items, prompt=prompt[:450], model=model[:450], score=score[:450])
    assert set(build_anchors(few)) == {"alpha"}


ITEMS = {f"b{number}": AbilityItem((1.0, 0.1), 0.0, 0.2) for number in range(5)}


def _card(name: str, level: float, model_class: ModelClass) -> ModelCard:
    share = 1 / (1 + exp(-level))
    evidence = tuple(Evidence(item, "accuracy", share, date(2026, 1, 1), "test", 5000) for item in ITEMS)
    return make_card(name, model_class=model_class, evidence=evidence)


def test_class_priors_are_wide_enough_for_members_left_out() -> None:
    random = np.random.default_rng(2)
    made: list[tuple[ModelClass, float, float]] = [("main", 0.0, 0.4), ("mini", -1.0, 0.4)]
    cards = [
        _card(f"{name}{number}", float(random.normal(mean, sd)), name)
        for name, mean, sd in made
        for number in range(30)
    ]
    found = fit_class_priors(cards, ITEMS, WIDE)
    assert found.members == 60
    assert 0.87 <= found.coverage <= 0.93
    assert found.priors["main"].mean[0] > found.priors["mini"].mean[0] + 0.5
    assert 0.3 < found.priors["main"].sd[0] < 0.6
    assert found.priors["flagship"] == WIDE


def test_members_that_happen_to_agree_do_not_make_a_class_certain() -> None:
    random = np.random.default_rng(2)
    alike = [_card(f"f{number}", 1.0 + number / 1000, "flagship") for number in range(4)]
    spread = [_card(f"m{number}", float(random.normal(0, 0.5)), "main") for number in range(30)]
    assert fit_class_priors([*alike, *spread], ITEMS, WIDE).priors["flagship"].sd[0] > 0.2


def test_a_model_that_many_sell_counts_once() -> None:
    one = _card("one", 0.5, "main")
    others = [_card(f"m{number}", number / 10, "main") for number in range(5)]
    again = replace(one, id="elsewhere/one")
    assert fit_class_priors([one, again, *others], ITEMS, WIDE) == fit_class_priors([one, *others], ITEMS, WIDE)
