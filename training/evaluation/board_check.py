"""Hides published scores, predicts each from the model's other scores, and compares with what hid there.

The rival is the mean of the model's other scores, each counted in its board's standard deviations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import fmean, pstdev

import numpy as np
from pointsman.domain.ability import AbilityItem, AbilityPrior, belief_of, sampling_variance, score_logit
from pointsman.domain.gaussian import dot
from pointsman.domain.item_response import update
from pointsman.domain.model_card import Evidence
from pointsman.domain.quality import SDS_OF_90_PERCENT

from training.abilities.ability_numbers import Scale
from training.abilities.board_items import fit_board_items
from training.data.boards import BoardScore
from training.progress import show_progress

FOLDS = 5
DIGITS = 4
NO_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class HiddenScore:
    """Errors in standard deviations of the score's board; `is_covered` by the 90 % interval of ours."""

    board: str
    ours: float
    rival: float
    is_covered: bool


def check_boards(scale: Scale, scores: Sequence[BoardScore], *, seed: int) -> dict[str, dict[str, float]]:
    """By board, and `all`. Every score is hidden once, a fifth of all at a time; items are fitted without them."""
    best = best_scores(scores)
    folds = np.random.default_rng(seed).permutation(len(best)) % FOLDS
    hidden: list[HiddenScore] = []
    for fold in show_progress(range(FOLDS), "hide published scores"):
        seen = [score for score, own in zip(best, folds, strict=True) if own != fold]
        unseen = [score for score, own in zip(best, folds, strict=True) if own == fold]
        hidden += _predict(scale, seen, unseen)
    boards = {name: [one for one in hidden if one.board == name] for name in sorted({one.board for one in hidden})}
    return {name: _figures(group) for name, group in {"all": hidden, **boards}.items()}


def print_boards(report: Mapping[str, Mapping[str, float]]) -> None:
    print(f"{'hidden scores of':24}{'n':>6}{'ours':>8}{'others':>8}{'cover':>8}   mean error in the board's deviations")
    for name, row in report.items():
        ours, rival = row["ours_mean_error_sd"], row["mean_of_others_mean_error_sd"]
        print(f"{name:24}{row['scores']:6.0f}{ours:8.3f}{rival:8.3f}{row['interval_coverage_90']:8.3f}")


def best_scores(scores: Sequence[BoardScore]) -> list[BoardScore]:
    """The best of a model's settings on each benchmark, in order of name."""
    best: dict[tuple[str, str], BoardScore] = {}
    for score in scores:
        kept = best.setdefault((score.model, score.benchmark), score)
        if score.score > kept.score:
            best[score.model, score.benchmark] = score
    return [best[key] for key in sorted(best)]


def _predict(scale: Scale, seen: Sequence[BoardScore], unseen: Sequence[BoardScore]) -> list[HiddenScore]:
    items = fit_board_items(seen, scale.anchors, scale.directions).items
    usual = {name: _usual(name, seen) for name in items}
    others: dict[str, list[BoardScore]] = {}
    for score in seen:
        if score.benchmark in items:
            others.setdefault(score.model, []).append(score)
    return [
        _compare(score, others[score.model], items, usual, scale.wide_prior)
        for score in unseen
        if score.benchmark in items and score.model in others
    ]


def _usual(benchmark: str, seen: Sequence[BoardScore]) -> tuple[float, float]:
    logits = [score_logit(score.kind, score.score) for score in seen if score.benchmark == benchmark]
    return fmean(logits), pstdev(logits)


def _compare(
    score: BoardScore,
    others: Sequence[BoardScore],
    items: Mapping[str, AbilityItem],
    usual: Mapping[str, tuple[float, float]],
    prior: AbilityPrior,
) -> HiddenScore:
    evidence = [_evidence(other) for other in others]
    posterior = update(belief_of(evidence, items, prior), [])
    item, (mean, sd) = items[score.benchmark], usual[score.benchmark]
    truth = score_logit(score.kind, score.score)
    error = dot(item.discrimination, posterior.mean) - item.difficulty - truth
    variance = posterior.variance_along(item.discrimination) + item.noise_sd**2 + sampling_variance(_evidence(score))
    rival = fmean((score_logit(o.kind, o.score) - usual[o.benchmark][0]) / usual[o.benchmark][1] for o in others)
    return HiddenScore(
        board=score.benchmark.split("/")[0],
        ours=error / sd,
        rival=rival - (truth - mean) / sd,
        is_covered=abs(error) <= SDS_OF_90_PERCENT * sqrt(variance),
    )


def _evidence(score: BoardScore) -> Evidence:
    return Evidence(score.benchmark, score.kind, score.score, NO_DAY, "a board", score.n)


def _figures(hidden: Sequence[HiddenScore]) -> dict[str, float]:
    figures = {
        "ours_mean_error_sd": fmean(abs(one.ours) for one in hidden),
        "mean_of_others_mean_error_sd": fmean(abs(one.rival) for one in hidden),
        "ours_rms_error_sd": sqrt(fmean(one.ours**2 for one in hidden)),
        "mean_of_others_rms_error_sd": sqrt(fmean(one.rival**2 for one in hidden)),
        "interval_coverage_90": fmean(one.is_covered for one in hidden),
    }
    return {"scores": len(hidden), **{name: round(value, DIGITS) for name, value in figures.items()}}
