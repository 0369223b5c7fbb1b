"""Plain figures of merit: F1 over labels, calibration error, Brier score and area under the ROC curve."""

from collections.abc import Sequence, Set
from typing import Any

import numpy as np
from sklearn import metrics

from training.arrays import Floats, Integers

CALIBRATION_BINS = 15


def f1_by_label(predicted: Integers, targets: Integers) -> dict[int, float]:
    """F1 of every label that occurs among the targets."""
    scores: dict[int, float] = {}
    for label in np.unique(targets):
        hits = np.sum((predicted == label) & (targets == label))
        scores[int(label)] = float(2 * hits / (np.sum(predicted == label) + np.sum(targets == label)))
    return scores


def macro_f1(predicted: Integers, targets: Integers) -> float:
    return float(np.mean(list(f1_by_label(predicted, targets).values())))


def forgive(predicted: Integers, targets: Integers, acceptable: Sequence[Set[int]]) -> Integers:
    """The predictions, with every acceptable one replaced by the label that was written down."""
    right = np.array([label in allowed for label, allowed in zip(predicted.tolist(), acceptable, strict=True)])
    return np.where(right, targets, predicted)


def brier(chances: Floats, scores: Floats) -> float:
    return float(np.mean((chances - scores) ** 2))


def area_under_roc(chances: Floats, scores: Floats) -> float:
    """Of scores above a half against the rest; a half where there is but one kind."""
    curve: Any = metrics
    good = scores > 0.5
    return float(curve.roc_auc_score(good, chances)) if 0 < good.sum() < len(good) else 0.5


def calibration_error(chances: Floats, scores: Floats) -> float:
    """Mean distance of predicted and realised quality, over bins of equal width weighted by their size."""
    bins = np.minimum((chances * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=chances - scores, minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(chances))
