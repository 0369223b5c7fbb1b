"""Task probabilities: a logistic regression on the plain features, its sharpness set on sources it never saw.

Prompts are weighted so that no one source and no common label rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.arrays import Floats, Integers, Names, minimise_within
from training.data.prompts import TaskPrompt
from training.heads.softmax_regression import SoftmaxFit, fit_softmax, log_softmax


@dataclass(frozen=True, slots=True)
class TaskSettings:
    penalty: float = 2e-2
    iterations: int = 80


@dataclass(frozen=True, slots=True)
class TaskHead:
    """Probabilities = softmax(sharpness * (features @ weights + offsets))."""

    labels: tuple[str, ...]
    fit: SoftmaxFit
    sharpness: float = 1.0

    def log_odds(self, features: Floats) -> Floats:
        return log_softmax(self.sharpness * (features @ self.fit.weights + self.fit.offsets))


def fit_task_head(
    features: Floats, prompts: Sequence[TaskPrompt], *, labels: tuple[str, ...], settings: TaskSettings
) -> TaskHead:
    numbers = np.array([labels.index(prompt.label) for prompt in prompts])
    weights = prompt_weights(np.array([prompt.origin for prompt in prompts]), numbers)
    targets = np.eye(len(labels), dtype=np.float32)[numbers]
    fit = fit_softmax(features, targets, weights=weights, penalty=settings.penalty, iterations=settings.iterations)
    return TaskHead(labels, fit)


def prompt_weights(sources: Names, targets: Integers) -> Floats:
    """A source counts by the root of its size, and every label alike; the mean is one."""
    _, at, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = counts[at] ** -0.5
    by_label = np.bincount(targets, weights=weights)[targets]
    weights = weights / by_label
    return (weights / weights.mean()).astype(np.float32)


def find_sharpness(log_odds: Floats, targets: Integers) -> float:
    """The factor on the log odds under which held-out labels are likeliest."""

    def surprise(log_factor: float) -> float:
        scaled = log_softmax((np.exp(log_factor) * log_odds).astype(np.float32))
        return -float(scaled[np.arange(len(targets)), targets].mean())

    return float(np.exp(minimise_within(surprise, -2.0, 2.0)))
