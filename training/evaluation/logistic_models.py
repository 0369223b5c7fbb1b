"""A logistic regression for each model of a block, all fitted at once: the plainest learned predictor of quality."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.arrays import Floats, minimise

ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class LogisticModels:
    weights: Floats
    offsets: Floats

    def predict(self, features: Floats) -> Floats:
        logits = features @ self.weights + self.offsets
        return (1 / (1 + np.exp(-np.clip(logits, -60, 60)))).astype(np.float32)


def fit_logistic_models(features: Floats, scores: Floats, *, penalty: float) -> LogisticModels:
    """`scores` [n, m] may hold not-a-number; `penalty` is on squared weights, beside each model's mean loss."""
    seen = np.isfinite(scores)
    targets = np.where(seen, scores, 0)
    share = (seen / np.maximum(seen.sum(axis=0), 1)).astype(np.float32)
    size, models = features.shape[1], scores.shape[1]

    def loss_and_gradient(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(size + 1, models).astype(np.float32)
        logits = features @ table[:-1] + table[-1]
        chances = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
        error = share * (chances - targets)
        gradient = np.vstack([features.T @ error + penalty * table[:-1], error.sum(axis=0)])
        loss = float((share * (np.logaddexp(0, logits) - targets * logits)).sum())
        return loss + penalty * float((table[:-1] ** 2).sum()) / 2, gradient.ravel().astype(np.float64)

    start = np.zeros((size + 1) * models)
    table = minimise(loss_and_gradient, start, iterations=ITERATIONS).reshape(size + 1, models).astype(np.float32)
    return LogisticModels(table[:-1], table[-1])
