"""Task probabilities: a small network on the task features, its sharpness set on sources it never saw.

Prompts are weighted so that no one source and no common label rules; other acceptable labels share in the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from training.arrays import Floats, Integers, Names, minimise_within
from training.data.prompts import TaskPrompt
from training.heads.softmax_regression import log_softmax
from training.heads.task_features import TaskFeatures, TaskSpace
from training.heads.task_network import NetworkSettings, TaskNetwork, fit_network

# Of the target, what goes to the other acceptable labels, and what to all labels alike.
ACCEPTABLE_SHARE, SMOOTHING = 0.25, 0.15
# No prompt counts more than this many average ones.
LARGEST_WEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class TaskHead:
    """Probabilities = softmax(sharpness * the network's log odds)."""

    labels: tuple[str, ...]
    space: TaskSpace
    network: TaskNetwork
    sharpness: float = 1.0

    def log_odds(self, features: TaskFeatures) -> Floats:
        return log_softmax((self.sharpness * self.network.logits(features)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class TaskRecipe:
    """All that a head is fitted with beside its prompts."""

    labels: tuple[str, ...]
    space: TaskSpace
    seed: int
    settings: NetworkSettings = field(default_factory=NetworkSettings)


def fit_task_head(features: TaskFeatures, prompts: Sequence[TaskPrompt], recipe: TaskRecipe) -> TaskHead:
    """`features` are those of the recipe's space."""
    numbers = np.array([recipe.labels.index(prompt.label) for prompt in prompts])
    weights = prompt_weights(np.array([prompt.origin for prompt in prompts]), numbers)
    targets = soft_targets(prompts, recipe.labels)
    network = fit_network(features, targets, weights=weights, settings=recipe.settings, seed=recipe.seed)
    return TaskHead(recipe.labels, recipe.space, network)


def soft_targets(prompts: Sequence[TaskPrompt], labels: tuple[str, ...]) -> Floats:
    """Most on the label, some on the others that would be right too, a little on all."""
    targets = np.zeros((len(prompts), len(labels)), dtype=np.float32)
    for row, prompt in enumerate(prompts):
        others = [labels.index(label) for label in prompt.labels_ok if label != prompt.label and label in labels]
        targets[row, others] = ACCEPTABLE_SHARE / max(len(others), 1)
        targets[row, labels.index(prompt.label)] = 1 - targets[row].sum()
    return (1 - SMOOTHING) * targets + np.float32(SMOOTHING / len(labels))


def prompt_weights(sources: Names, targets: Integers) -> Floats:
    """A source counts by the root of its size, and every label alike; the mean is one before the largest are cut."""
    _, at, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = counts[at] ** -0.5
    by_label = np.bincount(targets, weights=weights)[targets]
    weights = weights / by_label
    return np.minimum(weights / weights.mean(), LARGEST_WEIGHT).astype(np.float32)


def find_sharpness(log_odds: Floats, targets: Integers) -> float:
    """The factor on the log odds under which held-out labels are likeliest."""

    def surprise(log_factor: float) -> float:
        scaled = log_softmax((np.exp(log_factor) * log_odds).astype(np.float32))
        return -float(scaled[np.arange(len(targets)), targets].mean())

    return float(np.exp(minimise_within(surprise, -2.0, 2.0)))
