"""Multinomial logistic regression on dense or sparse features, with soft targets and a weight per row."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.arrays import Floats, Sparse, minimise


@dataclass(frozen=True, slots=True)
class SoftmaxFit:
    """Log odds = features @ weights [p, c] + offsets [c]."""

    weights: Floats
    offsets: Floats


def fit_softmax(
    features: Floats | Sparse, targets: Floats, *, weights: Floats, penalty: float, iterations: int
) -> SoftmaxFit:
    """`targets` [n, c] sum to one per row; `penalty` is on the squares of the weights, beside the mean loss."""
    size, classes = features.shape[1], targets.shape[1]
    share = (weights / weights.sum())[:, None].astype(np.float32)
    transposed: Any = features.T

    def loss_and_gradient(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(size + 1, classes).astype(np.float32)
        chances = log_softmax(features @ table[:-1] + table[-1])
        error = share * (np.exp(chances) - targets)
        gradient = np.vstack([transposed @ error + penalty * table[:-1], error.sum(axis=0)])
        loss = -float((share * targets * chances).sum()) + penalty * float((table[:-1] ** 2).sum()) / 2
        return loss, gradient.ravel().astype(np.float64)

    start = np.zeros((size + 1) * classes)
    table = minimise(loss_and_gradient, start, iterations=iterations).reshape(size + 1, classes).astype(np.float32)
    return SoftmaxFit(table[:-1], table[-1])


def log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))).astype(np.float32)
