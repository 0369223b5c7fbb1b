"""Every router on every source: cross-validated, with a benchmark left out, and on the source's own split."""

from collections.abc import Iterator, Sequence
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
DIGITS = 4
Figures: TypeAlias = dict[str, float]
# By mode, by router.
RoutingReport: TypeAlias = dict[str, dict[str, Figures]]


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
    for mode, folds in _modes(table, seed):
        say(f"{table.source}, {mode}: {len(table.prompts)} prompts, {len(table.models)} models")
        report[mode] = _report_mode(table, embedded, folds, seed=seed)
    return report


def _modes(table: RoutingTable, seed: int) -> Iterator[tuple[str, list[Flags]]]:
    """Each mode as its test sides."""
    numbers = fold_numbers(table.groups, FOLDS, seed)
    yield "cv", [numbers == fold for fold in range(FOLDS)]
    benchmarks = np.unique(table.benchmarks)
    if len(benchmarks) > 1:
        yield "lobo", [table.benchmarks == name for name in benchmarks]
    test = table.splits != "train"
    if 0 < test.sum() < len(test):
        yield "split", [test]


def _report_mode(table: RoutingTable, embedded: Embedded, folds: list[Flags], *, seed: int) -> dict[str, Figures]:
    tested = np.flatnonzero(np.any(folds, axis=0))
    scores, cost = table.scores[tested], table.cost_usd[tested]
    report = _report_fixed(scores, cost)
    for name in LEARNED:
        predicted = _predict(name, table, embedded, folds, seed=seed)[tested]
        routed = route_by_prediction(predicted, scores, cost, cost.mean(axis=0))
        low, high = area_interval(routed, cost, seed=seed)
        interval = {"aiq_linear_p5": round(low, DIGITS), "aiq_linear_p95": round(high, DIGITS)}
        report[name] = {**_figures(routed.frontier(), predicted, scores, cost), **interval}
    return report


def _predict(name: str, table: RoutingTable, embedded: Embedded, folds: list[Flags], *, seed: int) -> Floats:
    """Qualities of all tested prompts, each predicted from the other side of its fold."""
    predicted = np.zeros(table.scores.shape)
    for test in folds:
        # A prompt met on both sides in other words would be known by heart.
        known = ~test & ~np.isin(table.groups, table.groups[test])
        problem = RoutingProblem(
            embedded, table.prompts[known], table.prompts[test], scores=table.scores[known], seed=seed
        )
        predicted[test] = LEARNED[name](problem)
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
