import numpy as np
import pytest

from training.arrays import Floats
from training.evaluation.routing_figures import (
    area_interval,
    arena_score,
    calls_for_gap,
    fold_numbers,
    frontier,
    gap_recovered,
    route_by_prediction,
    routing_figures,
    single_models,
)

# A cheap model right on the first half, a dear one right on all but one of the prompts.
SCORES = np.array([[1.0, 1.0]] * 5 + [[0.0, 1.0]] * 4 + [[0.0, 0.0]])
COST = np.tile([1.0, 10.0], (10, 1))


def figures(predicted: Floats) -> dict[str, float]:
    found = route_by_prediction(predicted, SCORES, COST, COST.mean(axis=0)).frontier()
    return routing_figures(found, SCORES, COST)


def test_the_hull_leaves_out_what_mixing_beats() -> None:
    found = frontier(np.array([[1.0, 0.2], [2.0, 0.3], [3.0, 0.9], [4.0, 0.5]]))
    assert found.cost.tolist() == [1.0, 3.0]
    assert found.quality_at(np.array([2.0]))[0] == pytest.approx(0.55)


def test_one_who_knows_all_saves_and_loses_nothing() -> None:
    known = figures(SCORES)
    assert known["accuracy"] == pytest.approx(0.9)
    assert known["cost_save"] == pytest.approx(1 - (6 * 1 + 4 * 10) / 100)


def test_averages_alone_save_nothing_at_full_quality() -> None:
    blind = figures(np.tile(SCORES.mean(axis=0), (10, 1)))
    assert blind["cost_save"] == pytest.approx(0)
    assert blind["aiq_linear"] < figures(SCORES)["aiq_linear"]


def test_an_unreached_quality_saves_nothing() -> None:
    worst = routing_figures(frontier(single_models(SCORES, COST)[[0]]), SCORES, COST)
    assert worst["cost_save"] == 0
    assert worst["aiq_linear"] == pytest.approx(0.5)


def test_a_gap_is_recovered_by_asking_the_strong_model_where_it_helps() -> None:
    right, wrong = (gap_recovered(sign * SCORES, SCORES, weak=0, strong=1) for sign in (1, -1))
    assert right > 0.7 > 0.4 > wrong


def test_one_who_knows_all_needs_the_strong_model_only_where_the_weak_one_fails() -> None:
    known, blind = (
        calls_for_gap(predicted, SCORES, weak=0, strong=1, gap=1.0) for predicted in (SCORES, np.zeros_like(SCORES))
    )
    assert known == pytest.approx(0.4)
    assert blind == pytest.approx(0.9)


def test_the_interval_encloses_the_area() -> None:
    routed = route_by_prediction(SCORES, SCORES, COST, COST.mean(axis=0))
    low, high = area_interval(routed, COST, seed=1)
    assert low < figures(SCORES)["aiq_linear"] < high


def test_the_arena_score_is_that_of_its_formula() -> None:
    one_dollar_a_thousand = frontier(np.array([[0.001, 0.75]]))
    cheapness = np.log2(200 / 1) / np.log2(200 / 0.0044)
    assert arena_score(one_dollar_a_thousand) == pytest.approx(1.1 * 0.75 * cheapness / (0.1 * 0.75 + cheapness))


def test_twins_fall_into_one_fold() -> None:
    names = np.array(["a", "b", "a", "c", "b"])
    folds = fold_numbers(names, 2, seed=0)
    assert folds[0] == folds[2]
    assert folds[1] == folds[4]
    assert set(folds) == {0, 1}
