"""Every router on every source: cross-validated, with a benchmark left out, and on the source's own split."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

import numpy as np

from training.arrays import Flags, Floats
from training.data.routing_data import RoutingTable
from training.encoder.embeddings import Embedded
from training.evaluation.routers import LEARNED, RoutingProblem
from training.evaluation.routing_figures import (
    Frontier,
    area_interval,
    arena_score,
    calls_for_gap,
    fold_numbers,
    frontier,
    gap_recovered,
    prediction_error,
    route_by_prediction,
    routing_figures,
    single_models,
    weak_and_strong,
)
from training.progress import say

FOLDS = 5
# With fewer prompts to learn from, a fold says nothing of a router.
FEWEST_KNOWN = 20
DIGITS = 4
Figures: TypeAlias = dict[str, float]
# By mode, by router.
RoutingReport: TypeAlias = dict[str, dict[str, Figures]]


@dataclass(frozen=True, slots=True)
class Fold:
    """Prompts of a table to learn from and those to be predicted."""

    known: Flags
    test: Flags


def report_over_seeds(
    table: RoutingTable, embedded: Embedded, *, seeds: Sequence[int]
) -> dict[str, dict[str, Figures]]:
    """The mean of every figure over the seeds, each of which draws its own folds, groups and starting points."""
    reports = [report_routing(table, embedded, seed=seed) for seed in seeds]
    return {
        mode: {
            router: {name: round(fmean(report[mode][router][name] for report in reports), DIGITS) for name in figures}
            for router, figures in routers.items()
        }
        for mode, routers in reports[0].items()
    }


def report_routing(table: RoutingTable, embedded: Embedded, *, seed: int) -> RoutingReport:
    """Modes that the source does not allow (a single benchmark, no split) are left out."""
    report: RoutingReport = {}
    say(f"{table.source}: {len(table.prompts)} prompts, {len(table.models)} models")
    for mode, tests in _test_sides(table, seed).items():
        folds = _folds(table, tests)
        fewest = min(int(fold.known.sum()) for fold in folds)
        if fewest >= FEWEST_KNOWN:
            report[mode] = _report_mode(table, embedded, folds, name=f"{table.source}, {mode}", seed=seed)
        else:
            say(f"{table.source}, {mode}: left out, for a fold has only {fewest} known prompts")
    return report


def cross_validated(router: str, table: RoutingTable, embedded: Embedded, *, seed: int) -> Floats:
    """Qualities of all prompts of the table, as the report's mode `cv` has them."""
    return _predict(router, table, embedded, _folds(table, _test_sides(table, seed)["cv"]), seed=seed)


def _folds(table: RoutingTable, tests: Sequence[Flags]) -> list[Fold]:
    return [Fold(_known_side(table, test), test) for test in tests if test.any()]


def _test_sides(table: RoutingTable, seed: int) -> dict[str, list[Flags]]:
    """What each mode tests, fold by fold; a split needs rows on its test side."""
    numbers = fold_numbers(table.groups, FOLDS, seed)
    sides = {
        "cv": [numbers == fold for fold in range(FOLDS)],
        "lobo": [table.benchmarks == name for name in np.unique(table.benchmarks)],
        "split": [table.splits != "train"],
    }
    return {mode: tests for mode, tests in sides.items() if np.any(tests)}


def _known_side(table: RoutingTable, test: Flags) -> Flags:
    # A prompt met on both sides in other words would be known by heart.
    return ~test & ~np.isin(table.groups, table.groups[test])


def _report_mode(
    table: RoutingTable, embedded: Embedded, folds: Sequence[Fold], *, name: str, seed: int
) -> dict[str, Figures]:
    tested = np.flatnonzero(np.any([fold.test for fold in folds], axis=0))
    scores, cost = table.scores[tested], table.cost_usd[tested]
    report = _report_fixed(scores, cost)
    seconds: dict[str, float] = {}
    for router in LEARNED:
        started = time.process_time()
        predicted = _predict(router, table, embedded, folds, seed=seed)[tested]
        seconds[router] = time.process_time() - started
        routed = route_by_prediction(predicted, scores, cost, cost.mean(axis=0))
        low, high = area_interval(routed, cost, seed=seed)
        interval = {"aiq_linear_p5": round(low, DIGITS), "aiq_linear_p95": round(high, DIGITS)}
        report[router] = {**_figures(routed.frontier(), predicted, scores, cost), **interval}
    say(f"{name}, CPU seconds: " + ", ".join(f"{router} {spent:.1f}" for router, spent in seconds.items()))
    return report


def _predict(router: str, table: RoutingTable, embedded: Embedded, folds: Sequence[Fold], *, seed: int) -> Floats:
    """Qualities of all tested prompts, each predicted from the other side of its fold."""
    predicted = np.zeros(table.scores.shape)
    for fold in folds:
        known, unknown = table.prompts[fold.known], table.prompts[fold.test]
        problem = RoutingProblem(
            embedded,
            known,
            unknown,
            scores=table.scores[fold.known],
            benchmarks=table.benchmarks[fold.known],
            seed=seed,
        )
        predicted[fold.test] = LEARNED[router](problem)
    return predicted


def _report_fixed(scores: Floats, cost: Floats) -> dict[str, Figures]:
    """Routers that need no prediction, and the one that knows all; each believes in the averages it chose by."""
    points = single_models(scores, cost)
    weak, strong = weak_and_strong(scores, cost)
    averages = np.tile(scores.mean(axis=0), (len(scores), 1))
    return {
        "cheapest": _figures(frontier(points[[weak]]), averages, scores, cost),
        "best_single": _figures(frontier(points[[strong]]), averages, scores, cost),
        "hull": _figures(frontier(points), averages, scores, cost),
        "oracle": _figures(
            route_by_prediction(scores, scores, cost, cost.mean(axis=0)).frontier(), scores, scores, cost
        ),
    }


def _figures(found: Frontier, predicted: Floats, scores: Floats, cost: Floats) -> Figures:
    weak, strong = weak_and_strong(scores, cost)
    figures = {
        **routing_figures(found, scores, cost),
        "apgr": gap_recovered(predicted, scores, weak=weak, strong=strong),
        "ece": prediction_error(predicted, scores),
        "cpt_50": calls_for_gap(predicted, scores, weak=weak, strong=strong, gap=0.5),
        "cpt_80": calls_for_gap(predicted, scores, weak=weak, strong=strong, gap=0.8),
        "arena": arena_score(found),
    }
    return {name: round(value, DIGITS) for name, value in figures.items()}
