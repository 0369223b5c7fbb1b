"""How good a router is: quality against cost as its willingness to pay moves, in the field's figures.

A router here is a table of predicted qualities; a choice is the best of predicted quality less cost at a price.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.arrays import Floats, Integers, Names
from training.evaluation.figures import calibration_error

# Qualities that a dollar may buy, from everything to nothing, in units of the dearest model's cost.
PRICES_OF_QUALITY = np.concatenate([[0.0], np.geomspace(1e-4, 1e4, 120)])
SHARES = np.linspace(0.0, 1.0, 101)
# Of the dearest model's cost: where the logarithmic scale begins when another is free.
CHEAPEST_SHARE = 1e-4
RESAMPLINGS, INTERVAL = 200, (5, 95)
# RouterArena's bounds of what a thousand answers cost in US dollars.
ARENA_CHEAPEST, ARENA_DEAREST = 0.0044, 200.0


@dataclass(frozen=True, slots=True)
class Frontier:
    """Corners of the non-decreasing hull, by rising cost; qualities between them come from mixing at random."""

    cost: Floats
    quality: Floats

    def quality_at(self, cost: Floats) -> Floats:
        return np.interp(cost, self.cost, self.quality)

    def cost_of(self, quality: float) -> float:
        """The least cost at that quality; infinite where it is never reached."""
        if quality > self.quality[-1] + 1e-9:
            return float("inf")
        return float(np.interp(quality, self.quality, self.cost))


@dataclass(frozen=True, slots=True)
class Routed:
    """What every prompt cost and scored at every price of quality: both [n, prices]."""

    cost: Floats
    quality: Floats

    def frontier(self, shares: Floats | None = None) -> Frontier:
        """`shares` [n] weigh the prompts and sum to one; all alike without them."""
        weights = np.full(len(self.cost), 1 / len(self.cost)) if shares is None else shares
        return frontier(np.stack([weights @ self.cost, weights @ self.quality], axis=1))


def route_by_prediction(predicted: Floats, scores: Floats, cost: Floats, expected_cost: Floats) -> Routed:
    """`expected_cost` per model is what is known before the answer, `cost` what the answer then cost."""
    unit = expected_cost / expected_cost.max()
    rows = np.arange(len(scores))
    chosen = [(predicted - price * unit).argmax(axis=1) for price in PRICES_OF_QUALITY]
    return Routed(
        cost=np.stack([cost[rows, models] for models in chosen], axis=1),
        quality=np.stack([scores[rows, models] for models in chosen], axis=1),
    )


def area_interval(routed: Routed, cost: Floats, *, seed: int) -> tuple[float, float]:
    """The middle 90 % of the linear area over resampled prompts, at the cost range of all."""
    grid = _cost_grid(cost, np.linspace)
    random = np.random.default_rng(seed)
    areas: list[float] = []
    for _ in range(RESAMPLINGS):
        shares = random.multinomial(len(cost), np.full(len(cost), 1 / len(cost))) / len(cost)
        areas.append(_area(routed.frontier(shares), grid))
    low, high = np.percentile(areas, INTERVAL)
    return float(low), float(high)


def single_models(scores: Floats, cost: Floats) -> Floats:
    """Points [m, 2] of cost and quality when one model answers all."""
    return np.stack([cost.mean(axis=0), scores.mean(axis=0)], axis=1)


def frontier(points: Floats) -> Frontier:
    """Upper hull of the points, from the cheapest to the best."""
    hull: list[list[float]] = []
    for point in points[np.lexsort((-points[:, 1], points[:, 0]))].tolist():
        if hull and point[1] <= hull[-1][1]:
            continue
        while len(hull) >= 2 and _is_below(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    corners = np.array(hull)
    return Frontier(corners[:, 0], corners[:, 1])


def routing_figures(found: Frontier, scores: Floats, cost: Floats) -> dict[str, float]:
    """Per cent of area and quality; savings against the best single model, 0 where its quality is not reached."""
    singles = single_models(scores, cost)
    best_cost, best_quality = singles[singles[:, 1].argmax()]
    return {
        "aiq_linear": _area(found, _cost_grid(cost, np.linspace)),
        "aiq_log": _area(found, _cost_grid(cost, np.geomspace)),
        "accuracy": float(found.quality_at(best_cost)),
        "cost_save": _saving(found, best_quality, best_cost),
        "cost_save_95": _saving(found, 0.95 * best_quality, best_cost),
    }


def gap_recovered(predicted: Floats, scores: Floats, *, weak: int, strong: int) -> float:
    """APGR: of the gap between two models, the share recovered, averaged over the share of calls to the strong one."""
    return float(_recovery(predicted, scores, weak=weak, strong=strong).mean())


def calls_for_gap(predicted: Floats, scores: Floats, *, weak: int, strong: int, gap: float) -> float:
    """CPT: the least share of calls to the strong model that recovers `gap` of the distance; 1 where none does."""
    reached = np.flatnonzero(_recovery(predicted, scores, weak=weak, strong=strong) >= gap)
    return float(SHARES[reached[0]]) if len(reached) else 1.0


def arena_score(found: Frontier) -> float:
    """RouterArena's figure, 1.1 A C / (0.1 A + C), at the frontier's best point; A is accuracy, C cheapness."""
    dollars = np.clip(found.cost * 1000, ARENA_CHEAPEST, ARENA_DEAREST)
    cheapness = np.log2(ARENA_DEAREST / dollars) / np.log2(ARENA_DEAREST / ARENA_CHEAPEST)
    below = np.maximum(0.1 * found.quality + cheapness, 1e-12)
    return float((1.1 * found.quality * cheapness / below).max())


def _recovery(predicted: Floats, scores: Floats, *, weak: int, strong: int) -> Floats:
    """Share of the gap recovered at each of SHARES, those calls first that are predicted to gain most."""
    gap = scores[:, strong].mean() - scores[:, weak].mean()
    if gap <= 0:
        return np.zeros_like(SHARES)
    order = np.argsort(-(predicted[:, strong] - predicted[:, weak]), kind="stable")
    gains = np.concatenate([[0.0], np.cumsum((scores[:, strong] - scores[:, weak])[order])]) / len(order)
    return np.interp(SHARES, np.linspace(0, 1, len(gains)), gains) / gap


def weak_and_strong(scores: Floats, cost: Floats) -> tuple[int, int]:
    """The cheapest model and the best one."""
    return int(cost.mean(axis=0).argmin()), int(scores.mean(axis=0).argmax())


def prediction_error(predicted: Floats, scores: Floats) -> float:
    return calibration_error(predicted.ravel(), scores.ravel())


def fold_numbers(names: Names, folds: int, seed: int) -> Integers:
    """A fold per row so that rows of one name stay together."""
    distinct, at = np.unique(names, return_inverse=True)
    return np.random.default_rng(seed).permutation(np.arange(len(distinct)) % folds)[at]


def _area(found: Frontier, grid: Floats) -> float:
    """Mean height of the frontier over the grid's own scale: both grids are even on theirs."""
    return float(found.quality_at(grid).mean())


def _cost_grid(cost: Floats, space: Callable[[float, float, int], Floats]) -> Floats:
    """2000 costs between those of the cheapest and the dearest model; a free one has no place on a scale of ratios."""
    means = cost.mean(axis=0)
    cheapest = means.min() if space is np.linspace else max(means.min(), CHEAPEST_SHARE * means.max())
    return space(float(cheapest), float(means.max()), 2000)


def _saving(found: Frontier, quality: float, best_cost: float) -> float:
    needed = found.cost_of(quality)
    return 1 - needed / best_cost if np.isfinite(needed) else 0.0


def _is_below(first: Sequence[float], middle: Sequence[float], last: Sequence[float]) -> bool:
    rise, run = last[1] - first[1], last[0] - first[0]
    return (middle[1] - first[1]) * run <= rise * (middle[0] - first[0])
